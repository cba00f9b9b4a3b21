import { formatSize, nameSchema, parseDurationMs, parseSizeBytes } from '@gitway/contracts';
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

/** Marks what is written in another form than it is kept in: `timeout: 5s` becomes `timeoutMs: 5000`; `lower`: letter case says nothing. */
export const written = z.registry<{ unit: 'duration' | 'size' | 'lower' }>();

export const duration = (description: string, bounds: { minMs?: number; maxMs?: number } = {}) => {
  const { minMs = 1, maxMs = 365 * 24 * 3_600_000 } = bounds;
  return formatted('(?:\\d+(?:ms|s|m|h|d))+', 'must be a duration, as in 250ms, 5s, 10m, 1h30m', description, 40)
    .refine(
      (text) => {
        const ms = parseDurationMs(text);
        return ms === null || (ms >= minMs && ms <= maxMs);
      },
      { message: `must be between ${spoken(minMs)} and ${spoken(maxMs)}` },
    )
    .register(written, { unit: 'duration' });
};

export const size = (description: string, { minBytes = 1, maxBytes }: { minBytes?: number; maxBytes: number }) =>
  formatted('\\d+(?:\\.\\d+)?(?:B|KB|MB|GB|KiB|MiB|GiB)', 'must be a size, as in 512B, 64KB, 10MB', description, 40)
    .refine(
      (text) => {
        if (hasVariable(text)) return true;
        const bytes = parseSizeBytes(text);
        return bytes !== null && bytes >= minBytes && bytes <= maxBytes;
      },
      { message: `must be a whole number of bytes, from ${minBytes}B to ${formatSize(maxBytes)}` },
    )
    .register(written, { unit: 'size' });

function spoken(ms: number): string {
  for (const [unit, unitMs] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const) {
    if (ms >= unitMs && ms % unitMs === 0) return `${ms / unitMs}${unit}`;
  }
  return `${ms}ms`;
}

export const headerName = (description: string) =>
  formatted("[A-Za-z0-9!#$%&'*+.^_`|~-]+", 'must be an HTTP header name', description, 100).register(written, {
    unit: 'lower',
  });

/** A header, cookie or query parameter, by what stands beside it. */
export const fieldToken = (description: string) =>
  formatted("[A-Za-z0-9!#$%&'*+.^_`|~-]+", "must be letters, digits or one of !#$%&'*+.^_`|~-", description, 100);

const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';

export const hostName = (description: string) =>
  formatted(`(?=.{1,253}$)${label}(?:\\.${label})*`, 'must be a host name, without scheme, port or path', description);

/** An exact name, or `*.` before a domain. */
export const hostPattern = (description: string) =>
  formatted(
    `(?=.{1,253}$)(?:\\*\\.${label}\\.)?${label}(?:\\.${label})*`,
    'must be a host name, as in api.example.com, or *.example.com for every name one label below it',
    description,
  );

export const httpUrl = (description: string) =>
  formatted(
    'https?://[^\\s/@?#]+(?:[/?][^\\s#]*)?',
    'must be an http(s) URL without user and password',
    description,
    2048,
  );

/** A file of the repository, as a path relative to the resource's own file. */
export const repositoryPath = (what: string) =>
  z.string().min(1).max(1024).describe(`Path of ${what}, relative to this file.`);

export const httpMethod = z
  .string()
  .max(20)
  .regex(/^[A-Z]+$/, 'must be an HTTP method in capitals, as in GET')
  .describe('An HTTP method.');

export const cidr = (description: string) =>
  formatted(
    '(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)(?:/\\d{1,3})?',
    'must be an address or a range, as in 192.0.2.7, 10.0.0.0/8 or 2001:db8::/32',
    description,
    60,
  ).refine((text) => hasVariable(text) || isRange(text), { message: 'is no address or range' });

function isRange(text: string): boolean {
  const [address = '', bits] = text.split('/');
  const schema = address.includes(':') ? z.ipv6() : z.ipv4();
  const most = address.includes(':') ? 128 : 32;
  return schema.safeParse(address).success && (bits === undefined || Number(bits) <= most);
}

/** A secret by its name: whoever needs it is given it by its own environment, and Git never sees it. */
export const secretName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/, 'must be the name of a secret: letters, digits, ".", "_", "-"');
export const secretRefSchema = z
  .strictObject({ secret: secretName.describe('Name of the secret.') })
  .describe('A secret, by its name and never by its value.');

export const timezone = z
  .string()
  .max(60)
  .refine(isTimezone, { message: 'must be a time zone of the IANA database, as in Europe/Paris' });

function isTimezone(name: string): boolean {
  try {
    return (
      /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    );
  } catch {
    return false;
  }
}

export const day = (description: string) => z.iso.date('must be a day, as in 2027-03-31').describe(description);

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
