import type { Finding } from '@gitway/contracts';
import { checkValue, documentIgnoreSchema } from '@gitway/resources';
import { finding } from '../findings.ts';
import type { DocumentFinding, DocumentIgnore } from '../verdicts/suppressions.ts';
import type { LoadedFile } from './load-references.ts';
import { DocumentPositions } from './positions.ts';
import { maySuppress, type LedByUrl } from './remote-places.ts';

export type Pointer = readonly (string | number)[];

const FIELD = 'x-gitway-ignore';
const MAX_ENTRIES = 500;

/** The entries `x-gitway-ignore` of a document's files: each covers the object that it stands in, and all below. */
export class DocumentIgnoreIndex {
  readonly ignores: DocumentIgnore[] = [];
  /** What is wrong with entries; those are not applied. */
  readonly findings: Finding[] = [];
  readonly #byFile = new Map<string, { number: number; rule: string; pointer: readonly string[] }[]>();

  /** @param ledBy what is found in a file of another server counts as found at the `$ref` that led there */
  constructor(
    files: Iterable<LoadedFile>,
    private readonly ledBy: LedByUrl = new Map(),
  ) {
    for (const file of files) if (maySuppress(file.path) && file.text.includes(FIELD)) this.#collect(file);
  }

  /** The finding with the numbers of the entries that stand around it and name its rule. */
  mark(found: Finding, file: string, pointer: Pointer): DocumentFinding {
    const place = this.ledBy.get(file) ?? { file, pointer };
    const ignoredBy = (this.#byFile.get(place.file) ?? [])
      .filter(
        ({ rule, pointer: around }) =>
          rule === found.rule && around.every((step, at) => step === String(place.pointer[at])),
      )
      .map(({ number }) => number);
    return ignoredBy.length === 0 ? found : { ...found, ignoredBy };
  }

  #collect(file: LoadedFile): void {
    const positions = new DocumentPositions(file.path, file.text);
    const seen = new Set<object>();
    const visit = (value: unknown, pointer: readonly string[]): void => {
      if (typeof value !== 'object' || value === null || seen.has(value)) return;
      seen.add(value);
      for (const [key, member] of Object.entries(value)) {
        if (key === FIELD && !Array.isArray(value)) this.#add(member, file, positions, pointer);
        else visit(member, [...pointer, key]);
      }
    };
    visit(file.value, []);
  }

  #add(value: unknown, { path: file }: LoadedFile, positions: DocumentPositions, pointer: readonly string[]): void {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [value];
    entries.forEach((entry, index) => {
      const own = Array.isArray(value) ? [...pointer, FIELD, index] : [...pointer, FIELD];
      const range = positions.rangeOf(own);
      const where = { file, ...(range === undefined ? {} : { range }), field: own.join('.') };
      const hint = 'Write it as in `x-gitway-ignore: [{ rule: …, reason: …, until: 2027-01-31 }]`.';
      const refuse = (message: string) =>
        this.findings.push(finding('ignore-invalid', 'warning', where, message, hint));
      if (this.ignores.length >= MAX_ENTRIES) {
        if (this.ignores.length === MAX_ENTRIES) refuse(`Only ${MAX_ENTRIES} suppressions of a document are applied.`);
        return;
      }
      const [issue] = checkValue(documentIgnoreSchema, entry, FIELD);
      if (issue !== undefined) return void refuse(issue.message);
      const { rule, reason, until } = documentIgnoreSchema.parse(entry);
      const known = this.#byFile.get(file) ?? [];
      known.push({ number: this.ignores.length, rule, pointer });
      this.#byFile.set(file, known);
      this.ignores.push({ rule, reason, until, where });
    });
  }
}

/** The steps of a JSON pointer (RFC 6901) in a fragment, as in `#/paths/~1pets`. */
export function stepsOf(pointer: string): string[] {
  return pointer
    .replace(/^#?\/?/, '')
    .split('/')
    .filter((step, index, steps) => step !== '' || steps.length > 1 || index > 0)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
