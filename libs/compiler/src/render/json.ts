import { z } from 'zod';
import { digestSchema, findingCountsSchema, findingSchema, suppressedFindingSchema } from '@gitway/contracts';
import { fingerprintsOf } from './fingerprint.ts';
import type { Renderer } from './renderer.ts';

/** What `--format json` answers. Members may be added to it; one that goes or changes its meaning raises `version`. */
export const checkAnswerSchema = z.object({
  version: z.literal(1),
  refused: z.boolean(),
  environments: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['validated', 'rejected']),
      snapshot: digestSchema.nullable(),
      counts: findingCountsSchema,
    }),
  ),
  /** Of everything that was found, also of what `--severity` leaves out of `findings`. */
  counts: findingCountsSchema,
  findings: z.array(findingSchema.extend({ fingerprint: z.string() })),
  /** What somebody passes over for a time: not among `findings`, and not counted. */
  suppressed: z.array(suppressedFindingSchema.extend({ fingerprint: z.string() })),
});
export type CheckAnswer = z.infer<typeof checkAnswerSchema>;

export const jsonRenderer: Renderer = {
  format: 'json',
  summary: 'for programs',
  render(report, { compact = false }) {
    const fingerprint = fingerprintsOf(report);
    const answer: CheckAnswer = {
      version: 1,
      refused: report.refused,
      environments: report.environments.map(({ name, outcome, snapshot, counts }) => ({
        name,
        outcome,
        snapshot,
        counts,
      })),
      counts: report.counts,
      findings: report.findings.map((finding) => ({ ...finding, fingerprint: fingerprint(finding) })),
      suppressed: (report.suppressed ?? []).map((finding) => ({ ...finding, fingerprint: fingerprint(finding) })),
    };
    return toJson(answer, compact);
  },
};

/** JSON without bare control characters, which `JSON.stringify` leaves alone from U+007F on. */
export function toJson(value: unknown, compact: boolean): string {
  const text = JSON.stringify(value, null, compact ? undefined : 2);
  return `${text.replaceAll(/[\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, escaped)}\n`;
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
