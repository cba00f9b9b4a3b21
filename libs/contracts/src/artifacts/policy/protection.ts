import { z } from 'zod';

/** CIDR ranges. Denied wins over allowed; an `allow` that is there refuses whoever is not in it. */
export const ipSchema = z.object({ allow: z.array(z.string()).optional(), deny: z.array(z.string()).optional() });

export const allowSchema = z.object({
  methods: z.array(z.string()).min(1).optional(),
  /** Operation ids. */
  operations: z.array(z.string()).min(1).optional(),
});

export const threatProtectionSchema = z.object({
  deny: z
    .array(
      z.object({
        in: z.enum(['path', 'query', 'header', 'body']),
        name: z.string().optional(),
        /** RE2 syntax. */
        pattern: z.string(),
      }),
    )
    .optional(),
  waf: z.object({ mode: z.enum(['detect', 'block']), paranoia: z.int().min(1).max(4) }).optional(),
  /** An address or consumer with this many refused calls within `withinMs` is shut out for `forMs`. */
  bans: z
    .object({
      refused: z.int().positive(),
      withinMs: z.int().positive(),
      forMs: z.int().positive(),
      by: z.enum(['ip', 'consumer']),
    })
    .optional(),
});

export const accessLogSchema = z.object({
  level: z.enum(['off', 'errors', 'all']),
  /** Share of calls that are logged, above 0 and up to 1; errors always are. */
  sample: z.number().gt(0).max(1),
  headers: z.array(z.string()),
  audit: z.enum(['off', 'metadata']),
});
