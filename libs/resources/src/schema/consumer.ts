import { z } from 'zod';
import { day, reference, resource, unique } from './common.ts';

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
              expires: day('Last day on which it is good; for ever when not given.').optional(),
              note: z.string().max(200).describe('What it is used for.').optional(),
            }),
          )
          .max(20)
          .describe('Keys, by their SHA-256.')
          .optional(),
        jwt: z
          .array(
            z.strictObject({
              issuer: z.string().min(1).max(2048).describe('Value of `iss`, exactly.'),
              claim: z.string().min(1).max(200).describe('Claim that names it; sub when not given.').optional(),
              value: z.string().min(1).max(500).describe('Value of that claim.'),
            }),
          )
          .max(20)
          .describe('Tokens that are its own.')
          .optional(),
        mtls: z
          .array(
            z
              .strictObject({
                subject: z.string().min(1).max(500).describe('Subject, as in CN=acme,O=Acme.').optional(),
                dns: z.string().min(1).max(253).describe('A DNS name of the certificate.').optional(),
                sha256: z
                  .string()
                  .regex(/^[0-9A-Fa-f]{64}$/, 'must be the 64 hex digits of the SHA-256 of the certificate')
                  .describe('Fingerprint of the certificate (DER).')
                  .optional(),
              })
              .refine((by) => Object.keys(by).length === 1, { message: 'must name one of subject, dns and sha256' }),
          )
          .max(20)
          .describe('Client certificates that are its own.')
          .optional(),
        basic: z
          .array(
            z.strictObject({
              username: z
                .string()
                .min(1)
                .max(200)
                .regex(/^[^:\s]+$/, 'must hold neither ":" nor white space')
                .describe('User name.'),
              passwordHash: z
                .string()
                .max(200)
                .regex(
                  /^\$(5|6|2[aby]|y)\$[./A-Za-z0-9$=,]+$/,
                  'must be a password as crypt(3) writes it ($6$…, $2b$…); the password itself never stands in Git',
                )
                .describe('Password hash: openssl passwd -6'),
            }),
          )
          .max(20)
          .describe('User names with hashes of their passwords.')
          .optional(),
      })
      .describe('How it proves who it is; never a secret in clear.')
      .optional(),
    plans: unique(reference('a plan'), 100).describe('Plans that it is subscribed to.').optional(),
    suspended: z.boolean().describe('Refuse its calls; false when not given.').optional(),
  }),
);

export type ConsumerResource = z.infer<typeof consumerResourceSchema>;
