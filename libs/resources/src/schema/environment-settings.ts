// CommonJS: Node hands out its exports through the default alone.
// oxlint-disable-next-line import/default
import rrule from 'rrule';
import { z } from 'zod';
import { duration, timezone, unique } from './common.ts';

const approver = z
  .string()
  .max(253)
  .regex(
    /^(group:[A-Za-z0-9][A-Za-z0-9._-]*|[^\s@:]+@[^\s@:]+)$/,
    'must be a mail address, or a group as in group:platform',
  );

export const promotionChecks = ['no-open-incident', 'slo-healthy', 'no-drift', 'tests-passed'] as const;

export const promotionSchema = z
  .strictObject({
    soak: duration('How long a commit must be live there without trouble; 1m when not given.', {
      minMs: 0,
      maxMs: 30 * 86_400_000,
    }).optional(),
    minRequests: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe('Calls that it must have answered there; none when not given.')
      .optional(),
    approvals: z.int().min(0).max(10).describe('People who must agree; 0 when not given.').optional(),
    approvers: unique(approver, 100)
      .min(1)
      .describe('Who may agree: mail addresses and group:<name>; everybody with the right when not given.')
      .optional(),
    checks: unique(z.enum(promotionChecks), 10).min(1).describe('What must hold.').optional(),
    mode: z
      .enum(['automatic', 'manual'])
      .describe('Whether somebody must ask for it; automatic when not given.')
      .optional(),
  })
  .describe('What comes before a commit is promoted to here.');

const stepSchema = z
  .strictObject({
    weight: z.int().min(1).max(100).describe('Percent of the calls, where pools change.').optional(),
    gateways: z.int().min(1).max(100).describe('Percent of the gateways.').optional(),
    for: duration('How long it is watched; 0s when not given.', { minMs: 0, maxMs: 30 * 86_400_000 }).optional(),
  })
  .refine(({ weight, gateways }) => weight !== undefined || gateways !== undefined, {
    message: 'must say how far it goes: weight or gateways',
  });

export const rolloutSchema = z
  .strictObject({
    strategy: z.enum(['immediate', 'progressive']).describe('immediate when not given.').optional(),
    steps: z.array(stepSchema).min(1).max(50).describe('With strategy: progressive, one after the other.').optional(),
    abortOn: unique(z.enum(['error-rate', 'latency', 'slo-burn']), 3)
      .describe('What takes everything back; [error-rate, latency] when not given.')
      .optional(),
    minRequests: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .describe('Fewer calls in a step give no verdict; 50 when not given.')
      .optional(),
    inconclusive: z
      .enum(['continue', 'wait', 'abort'])
      .describe('What a step without a verdict means; wait when not given.')
      .optional(),
  })
  .refine(({ strategy, steps }) => (strategy === 'progressive') === (steps !== undefined), {
    message: 'belong to `strategy: progressive`, and are required with it',
    path: ['steps'],
  })
  .describe('How a change is brought to the gateways.');

export const rollbackSchema = z
  .strictObject({
    mode: z.enum(['automatic', 'manual']).describe('automatic when not given.').optional(),
    maxSteps: z.int().min(1).max(20).describe('Revisions that it may go back by itself; 3 when not given.').optional(),
  })
  .describe('What happens when a deployment hurts.');

export const freezeSchema = z.strictObject({
  rrule: z
    .string()
    .max(500)
    .refine(isRecurrence, { message: 'must be a recurrence rule (RFC 5545), as in FREQ=WEEKLY;BYDAY=FR;BYHOUR=16' })
    .describe('When it begins (RFC 5545).'),
  for: duration('How long it lasts.', { minMs: 60_000, maxMs: 366 * 86_400_000 }),
  timezone: timezone.describe('Time zone of the rule; UTC when not given.').optional(),
  reason: z.string().min(1).max(500).describe('Told to whoever is held up.').optional(),
});

/** Numbers that each part takes; what is not here takes none, or words that the library knows. */
const partRanges: Readonly<Record<string, readonly [least: number, most: number]>> = {
  INTERVAL: [1, 1_000],
  COUNT: [1, 10_000],
  BYMONTH: [1, 12],
  BYMONTHDAY: [-31, 31],
  BYYEARDAY: [-366, 366],
  BYWEEKNO: [-53, 53],
  BYHOUR: [0, 23],
  BYMINUTE: [0, 59],
  BYSECOND: [0, 59],
  BYSETPOS: [-366, 366],
};

/** One rule of RFC 5545, without `RRULE:` and without a beginning of its own. */
function isRecurrence(text: string): boolean {
  if (!/^[A-Z]+=[A-Z0-9,+-]+(;[A-Z]+=[A-Z0-9,+-]+)*$/.test(text)) return false;
  const parts = text.split(';').map((part) => part.split('=') as [string, string]);
  if (new Set(parts.map(([name]) => name)).size !== parts.length || parts.some(([name]) => name === 'DTSTART'))
    return false;
  for (const [name, values] of parts) {
    const range = partRanges[name];
    if (range === undefined) continue;
    const numbers = values.split(',').map(Number);
    if (numbers.some((value) => !Number.isInteger(value) || value < range[0] || value > range[1])) return false;
    if (name.startsWith('BY') && range[0] < 0 && numbers.includes(0)) return false;
  }
  try {
    const options = rrule.RRule.parseString(text);
    return options.freq !== undefined && new rrule.RRule(options).options.freq === options.freq;
  } catch {
    return false;
  }
}
