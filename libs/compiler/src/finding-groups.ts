import type { Finding, Severity } from '@gitway/contracts';
import { compare, orderFindings } from './findings.ts';

/** Findings of one severity in one file, each once, in order of place. */
interface Slice {
  readonly severity: Severity;
  readonly file: string;
  readonly findings: readonly Finding[];
}

/** What was worked out of a list of findings, for as long as somebody keeps the list: most lists outlive a compile. */
const known = new WeakMap<readonly Finding[], readonly Slice[]>();
const severities = ['error', 'warning', 'info'] as const;

/**
 * Many lists of findings as one: the same as {@link orderFindings} of them all, but a list that was here before is not
 * sorted again. With ten thousand documents that have something to report this is what a compile would mostly do.
 */
export class FindingGroups {
  readonly #groups = new Set<readonly Finding[]>();

  /** Lists must not be changed afterwards. */
  add(...groups: readonly (readonly Finding[])[]): void {
    for (const group of groups) if (group.length > 0) this.#groups.add(group);
  }

  get hasErrors(): boolean {
    for (const group of this.#groups) if (slicesOf(group)[0]?.severity === 'error') return true;
    return false;
  }

  addAll(other: FindingGroups): void {
    for (const group of other.#groups) this.#groups.add(group);
  }

  ordered(): Finding[] {
    const ordered: Finding[] = [];
    const byFile: Record<Severity, Map<string, Slice[]>> = { error: new Map(), warning: new Map(), info: new Map() };
    for (const group of this.#groups) {
      for (const slice of slicesOf(group)) {
        const slices = byFile[slice.severity].get(slice.file);
        if (slices === undefined) byFile[slice.severity].set(slice.file, [slice]);
        else slices.push(slice);
      }
    }
    for (const severity of severities) {
      for (const file of [...byFile[severity].keys()].sort(compare)) {
        const slices = byFile[severity].get(file)!;
        const findings =
          slices.length === 1 ? slices[0]!.findings : orderFindings(slices.flatMap((each) => each.findings));
        for (const finding of findings) ordered.push(finding);
      }
    }
    return ordered;
  }
}

function slicesOf(group: readonly Finding[]): readonly Slice[] {
  let slices = known.get(group);
  if (slices === undefined) {
    const made: { severity: Severity; file: string; findings: Finding[] }[] = [];
    for (const finding of orderFindings(group)) {
      const { severity, where } = finding;
      const last = made.at(-1);
      if (last?.severity === severity && last.file === (where.file ?? '')) last.findings.push(finding);
      else made.push({ severity, file: where.file ?? '', findings: [finding] });
    }
    known.set(group, (slices = made));
  }
  return slices;
}
