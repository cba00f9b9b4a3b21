import { z } from 'zod';
import { reference, resource, unique } from './common.ts';

export const consumerResourceSchema = resource(
  'Consumer',
  'An application that calls APIs.',
  z.strictObject({
    owner: z.string().min(1).max(253).describe('Who runs it: a team or a mail address.').optional(),
    credentials: z
      .strictObject({
        apiKeys: z
          .array(
            z.strictObject({
              sha256: z
                .string()
                .regex(
                  /^[0-9A-Fa-f]{64}$/,
                  'must be the 64 hex digits of the SHA-256 of the key; the key itself never stands in Git',
                )
                .describe('Hex SHA-256 of the key: printf %s "$KEY" | sha256sum'),
            }),
          )
          .max(20)
          .describe('Keys that it may send; several while one replaces another.')
          .optional(),
      })
      .describe('How it proves who it is; never a secret in clear.')
      .optional(),
    plans: unique(reference('a plan'), 100).describe('Plans that it is subscribed to.').optional(),
    suspended: z.boolean().describe('Refuse its calls; false when not given.').optional(),
  }),
);

export type ConsumerResource = z.infer<typeof consumerResourceSchema>;
