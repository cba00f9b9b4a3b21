import { countFindings, type Finding } from '@gitway/contracts';
import type { CheckReport } from '../render/renderer.ts';

export const sampleFinding: Finding = {
  rule: 'unknown-field',
  severity: 'error',
  where: {
    file: 'pets/api.yaml',
    range: { line: 2, column: 3, endLine: 2, endColumn: 7 },
    object: 'Api/pets',
    field: 'spec.rout',
  },
  message: '`rout` is not a field.',
  hint: 'Did you mean `route`?',
};

/** A report of an environment `staging`, which has the findings of `own` to itself. */
export function reportOf(findings: readonly Finding[], own: readonly Finding[] = [], text = 'spec:\n  rout: 1\n') {
  const all = [...findings, ...own];
  const counts = countFindings(all);
  const refused = counts.errors > 0;
  return {
    refused,
    environments: [
      {
        name: 'staging',
        outcome: refused ? 'rejected' : 'validated',
        snapshot: refused ? null : `sha256-${'0'.repeat(64)}`,
        counts,
        findings: own,
      },
    ],
    findings: all,
    counts,
    sources: () => text,
  } satisfies CheckReport;
}
