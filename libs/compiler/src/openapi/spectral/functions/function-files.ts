import { isReadFile, type Finding } from '@gitway/contracts';
import { decodeText, suggest, type Path } from '@gitway/resources';
import { finding } from '../../../findings.ts';
import { secretFindings } from '../../../secrets/secret-findings.ts';
import type { WorkspaceEntry, WorkspaceReader } from '../../../workspace.ts';
import { spectral } from '../build-ruleset.ts';
import { isMapping } from '../check-ruleset.ts';
import type { DeclaredFunction } from '../ruleset.ts';
import { isFunctionFile, isShim, pathOfImport, requiredBy, spellingsOf } from './module-source.ts';
import { Sandbox, SandboxError } from './sandbox.ts';

const MAX_FUNCTIONS = 100;
const MAX_FILES = 100;
const MAX_FILE_BYTES = 200_000;
const MAX_BYTES = 1_000_000;

type PlaceOf = (field: Path) => Finding['where'];

/** The JavaScript that a ruleset and those that it extends name: read and looked at, never run here. */
export class FunctionFiles {
  readonly findings: Finding[] = [];
  readonly secrets: Finding[] = [];
  readonly files = new Map<string, { readonly oid: string; readonly text: string }>();
  private bytes = 0;

  constructor(
    private readonly entries: ReadonlyMap<string, WorkspaceEntry>,
    private readonly reader: WorkspaceReader,
  ) {}

  get modules(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.files].map(([path, { text }]) => [path, text]));
  }

  /** Takes in `functions` and `functionsDir` of a ruleset file. */
  async declare(
    { named, folder }: { readonly named: unknown; readonly folder: unknown },
    ruleset: string,
    placeOf: PlaceOf,
  ): Promise<DeclaredFunction[]> {
    const invalid = (field: Path, message: string, hint: string) =>
      void this.findings.push(finding('ruleset-invalid', 'error', placeOf(field), message, hint));
    if (folder !== undefined && typeof folder !== 'string') {
      invalid(['functionsDir'], '`functionsDir` is the path of a folder.', 'Give a path, relative to this file.');
      return [];
    }
    if (!Array.isArray(named) || named.length > MAX_FUNCTIONS) {
      invalid(
        ['functions'],
        `\`functions\` is a list of at most ${MAX_FUNCTIONS} names.`,
        'Write `functions: [name]`.',
      );
      return [];
    }
    const declared: DeclaredFunction[] = [];
    for (const [number, item] of (named as unknown[]).entries()) {
      const [name, schema] = Array.isArray(item) ? (item as unknown[]) : [item];
      const field = ['functions', number];
      if (typeof name !== 'string' || !/^[\w@.-][\w@./-]{0,199}$/.test(name)) {
        invalid(field, 'A function is named by its file, without `.js`.', 'Write `name`, or `[name, schema]`.');
        continue;
      }
      if (schema !== undefined && schema !== null && !isMapping(schema)) {
        invalid(field, `What the options of \`${name}\` must fit is not a JSON schema.`, 'Write `[name, { … }]`.');
        continue;
      }
      const where = placeOf(field);
      const file = await this.find(ruleset, `./${folder ?? 'functions'}/${name}`, where);
      if (file === undefined) continue;
      if (await this.isSound(file, where))
        declared.push({ name, file, ...(schema === undefined || schema === null ? {} : { schema }) });
    }
    return declared;
  }

  private async find(from: string, specifier: string, where: Finding['where']): Promise<string | undefined> {
    const path = pathOfImport(from, specifier);
    if (path === undefined) {
      const message = `\`${specifier.slice(2, 120)}\` is not in this repository; nothing is fetched.`;
      this.findings.push(finding('ruleset-refused', 'error', where, message, 'Put the file into the repository.'));
      return undefined;
    }
    const spelled = spellingsOf(path).slice(path.endsWith('.js') ? 0 : 1);
    const found = spelled.find((each) => this.entries.has(each) && isFunctionFile(each));
    if (found === undefined) {
      const near = suggest(spelled[0]!, this.entries.keys());
      const hint = near === undefined ? 'Add the file, or mend `functionsDir`.' : `Did you mean \`${near}\`?`;
      this.findings.push(finding('missing-file', 'error', where, `There is no file \`${spelled[0]!}\`.`, hint));
      return undefined;
    }
    return (await this.take(found, where)) ? found : undefined;
  }

  /** Reads a file, and those that it requires. */
  private async take(path: string, where: Finding['where']): Promise<boolean> {
    if (this.files.has(path)) return true;
    const entry = this.entries.get(path)!;
    const refuse = (rule: string, message: string, hint: string) => {
      this.findings.push(finding(rule, 'error', where, message, hint));
      return false;
    };
    if (entry.mode !== '100644' && entry.mode !== '100755')
      return refuse('symlink', `\`${path}\` is a symbolic link or a submodule.`, 'Put the file itself here.');
    if (!isReadFile(path))
      return refuse(
        'ruleset-refused',
        `\`${path}\` lies where no functions are looked for.`,
        'Put it below a folder called `functions`, `rules`, `rulesets`, `lint`, `spectral` or `style`.',
      );
    this.bytes += entry.size;
    if (entry.size > MAX_FILE_BYTES || this.bytes > MAX_BYTES || this.files.size >= MAX_FILES)
      return refuse('ruleset-invalid', `\`${path}\`: the functions are too large, or too many.`, 'Make less of it.');
    const bytes = await this.reader.read(path);
    const decoded = bytes === undefined ? { problem: 'it cannot be read', hint: 'Try again.' } : decodeText(bytes);
    if ('problem' in decoded)
      return refuse('file-encoding', `\`${path}\`: ${decoded.problem}`, decoded.hint ?? 'Mend it.');
    this.secrets.push(...(await secretFindings(path, decoded.text, 'document')));
    this.files.set(path, { oid: entry.oid, text: decoded.text });
    for (const required of requiredBy(path, decoded.text)) {
      const target = isShim(required) ? undefined : pathOfImport(path, required);
      const found = target === undefined ? undefined : this.spelled(target);
      // What is not there fails where it is required, in the sandbox.
      if (found !== undefined && !(await this.take(found, { file: path }))) return false;
    }
    return true;
  }

  private readonly spelled = (path: string) =>
    spellingsOf(path).find((each) => this.entries.has(each) && isFunctionFile(each));

  /** Whether it and all that it imports can be had and is JavaScript; reads what is imported as it goes. */
  private async isSound(file: string, where: Finding['where']): Promise<boolean> {
    for (;;) {
      let absent: string | undefined;
      const sandbox = await Sandbox.open({
        modules: this.modules,
        formats: Object.keys((await spectral()).formats),
        onAbsent: (path) => (absent ??= path),
      });
      try {
        sandbox.check(file);
        return true;
      } catch (error) {
        if (!(error instanceof SandboxError)) throw error;
        const found = absent === undefined ? undefined : this.spelled(absent);
        if (found !== undefined) {
          if (await this.take(found, where)) continue;
          return false;
        }
        const { place, message } = error;
        const at = { file: place?.file ?? file, ...(place === undefined ? {} : { range: rangeOf(place) }) };
        const hint = 'Functions are JavaScript modules; see docs/lint.md for what they may use.';
        this.findings.push(finding('ruleset-invalid', 'error', at, `\`${file}\`: ${message}`, hint));
        return false;
      }
    }
  }
}

const rangeOf = ({ line, column = 1 }: NonNullable<SandboxError['place']>) => ({
  line,
  column,
  endLine: line,
  endColumn: column,
});
