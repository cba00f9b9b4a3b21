import { digestOf, type Finding } from '@gitway/contracts';
import { speaksOfSecret } from '../secrets/secret-findings.ts';
import type { CheckReport } from './renderer.ts';

/**
 * A name for each finding that stays the same when lines above it come and go: made of the rule, the file, what it is
 * about and the message without its evidence, and of the line's own text where it names neither object nor field. Equal ones are numbered
 * from top to bottom, so no two findings of a report share a name.
 */
export function fingerprintsOf(report: Pick<CheckReport, 'findings' | 'sources'>): (finding: Finding) => string {
  const lines = new Map<string, string[]>();
  const lineOf = (file: string, line: number): string => {
    let known = lines.get(file);
    if (known === undefined) {
      known = (report.sources(file) ?? '').split(/\r?\n/);
      lines.set(file, known);
    }
    return known[line - 1]?.trim() ?? '';
  };
  const seen = new Map<string, number>();
  const fingerprints = new Map<string, string>();
  const named = (finding: Finding): string => {
    const { file, range, object, field } = finding.where;
    const line =
      object === undefined &&
      field === undefined &&
      file !== undefined &&
      range !== undefined &&
      !speaksOfSecret(finding)
        ? lineOf(file, range.line)
        : null;
    const message = finding.evidence === undefined ? finding.message : finding.message.replace(finding.evidence, '');
    return digestOf([finding.rule, file ?? null, object ?? null, field ?? null, message, line]).slice(7, 47);
  };
  const inOrder = [...report.findings].sort(
    (a, b) =>
      (a.where.range?.line ?? 0) - (b.where.range?.line ?? 0) ||
      (a.where.range?.column ?? 0) - (b.where.range?.column ?? 0),
  );
  for (const finding of inOrder) {
    const name = named(finding);
    const earlier = seen.get(name) ?? 0;
    seen.set(name, earlier + 1);
    fingerprints.set(keyOf(finding), earlier === 0 ? name : `${name}-${earlier + 1}`);
  }
  return (finding) => fingerprints.get(keyOf(finding)) ?? named(finding);
}

const keyOf = ({ rule, severity, where, message }: Finding) => JSON.stringify([rule, severity, where, message]);
