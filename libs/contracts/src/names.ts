import { z } from 'zod';

/**
 * Names and references that every contract is built from.
 *
 * - **name**: what a person calls a thing (an API, an environment, a gateway). A DNS label, so that it can stand
 *   in a NATS subject, a key-value key, a proxy's configuration and a URL without being escaped.
 * - **digest**: `sha256-<64 hex>` of canonical bytes. Written with `-`, since `:` may not stand in a NATS key.
 * - **commit**: a Git object id, SHA-1 (40 hex) or SHA-256 (64 hex).
 */
export const nameSchema = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be a DNS label: a-z, 0-9 and "-", at most 63 characters');

export const digestSchema = z.string().regex(/^sha256-[0-9a-f]{64}$/, 'must be sha256-<64 hex digits>');

export const commitSchema = z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/, 'must be a full Git object id');

/** An instant, ISO 8601 in UTC with milliseconds. */
export const instantSchema = z.iso.datetime();

/** A calendar day, ISO 8601. */
export const dateSchema = z.iso.date();

export const personSchema = z.object({ name: z.string(), email: z.string() });

export type Name = z.infer<typeof nameSchema>;
export type Digest = z.infer<typeof digestSchema>;
export type Person = z.infer<typeof personSchema>;
