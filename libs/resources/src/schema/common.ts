import { nameSchema, parseDurationMs } from '@gitway/contracts';
import { z } from 'zod';
import { resourceIgnoreSchema } from './ignore.ts';

export const API_VERSION = 'gitway.dev/v1';

/** `${name}` in a string is replaced by the environment's variable of that name. */
export const variablePattern = /\$\{([^}]*)\}/g;
export const hasVariable = (text: string) => text.includes('${');

const orVariable = (pattern: string) => new RegExp(`^(?:${pattern})$|\\$\\{`, 'u');

/** A string of a fixed form. A variable in it is let through here; the form is checked once more when it is filled in. */
export const formatted = (pattern: string, message: string, description: string, maxLength = 253) =>
  z.string().max(maxLength).regex(orVariable(pattern), message).describe(description);

export const duration = (description: string, bounds: { minMs?: number; maxMs?: number } = {}) => {
  const { minMs = 1, maxMs = 365 * 24 * 3_600_000 } = bounds;
  return formatted(
    '(?:\\d+(?:ms|s|m|h|d))+',
    'must be a duration, as in 250ms, 5s, 10m, 1h30m',
    description,
    40,
  ).refine(
    (text) => {
      const ms = parseDurationMs(text);
      return ms === null || (ms >= minMs && ms <= maxMs);
    },
    { message: `must be between ${spoken(minMs)} and ${spoken(maxMs)}` },
  );
};

function spoken(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

export const reference = (what: string) => nameSchema.describe(`The name of ${what}.`);

const labelKey = z
  .string()
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._/-]{0,126}[A-Za-z0-9])?$/, 'must be letters, digits, ".", "_", "/" or "-"');

export const labelsSchema = z
  .record(labelKey, z.string().max(253))
  .describe('Free key–value pairs that selectors match.');

export const selectorSchema = z
  .strictObject({
    labels: labelsSchema.describe('Every one of these labels must be there with this value; none: matches all.'),
  })
  .describe('Chooses resources by their labels.');

export const metadataSchema = z
  .strictObject({
    name: nameSchema.describe('Unique among the resources of its kind.'),
    labels: labelsSchema.optional(),
    annotations: z
      .strictObject({
        'gitway.dev/owner': z
          .string()
          .min(1)
          .max(253)
          .describe('Who answers for it: a team or a mail address.')
          .optional(),
      })
      .describe('What people note about it.')
      .optional(),
    ignore: z
      .array(resourceIgnoreSchema.describe('A rule, why it is passed over here, and until when.'))
      .max(50)
      .describe('Findings about it that are passed over for a time.')
      .optional(),
  })
  .describe('What it is called, and what selectors find it by.');

/** The envelope that all kinds share. */
export const resource = <K extends string, S extends z.ZodType>(kind: K, description: string, spec: S) =>
  z
    .strictObject({
      apiVersion: z.literal(API_VERSION),
      kind: z.literal(kind),
      metadata: metadataSchema,
      spec: spec.description === undefined ? spec.describe(`What the ${kind} declares.`) : spec,
    })
    .describe(description);

export const unique = <T extends z.ZodType<string>>(item: T, max: number) =>
  z
    .array(item)
    .max(max)
    .refine((items) => new Set(items).size === items.length, { message: 'must not name one thing twice' });
