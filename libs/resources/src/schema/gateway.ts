import { nameSchema } from '@gitway/contracts';
import { z } from 'zod';
import { cidr, httpUrl, repositoryPath, resource, secretRefSchema, unique } from './common.ts';

const certificateSchema = z
  .strictObject({
    certificate: repositoryPath('the certificate chain as PEM').optional(),
    key: secretRefSchema.describe('Its private key as PEM; beside certificate.').optional(),
    secret: secretRefSchema.shape.secret.describe('A secret that holds chain and key, in place of both.').optional(),
  })
  .refine(
    ({ certificate, key, secret }) =>
      secret === undefined
        ? certificate !== undefined && key !== undefined
        : certificate === undefined && key === undefined,
    { message: 'must name `certificate` and `key`, or `secret` alone' },
  );

const tlsSchema = z
  .strictObject({
    certificates: z
      .array(certificateSchema)
      .min(1)
      .max(200)
      .describe('Chosen by the name that the caller asks for; the first for all others.'),
    minVersion: z.enum(['1.2', '1.3']).describe('1.2 when not given.').optional(),
    clientCertificates: z
      .enum(['request', 'require'])
      .describe('Whether callers are asked for a certificate; not when not given.')
      .optional(),
  })
  .describe('TLS, with protocol: https.');

const listenerSchema = z
  .strictObject({
    name: nameSchema.describe('Name of the listener.'),
    protocol: z.enum(['http', 'https']).describe('What it speaks.'),
    port: z.int().min(1).max(65535).describe('Port that it listens on.'),
    tls: tlsSchema.optional(),
  })
  .refine(({ protocol, tls }) => (protocol === 'https') === (tls !== undefined), {
    message: 'belongs to `protocol: https`, and is required with it',
    path: ['tls'],
  });

export const gatewayResourceSchema = resource(
  'Gateway',
  'One gateway and where it listens.',
  z.strictObject({
    driver: nameSchema.describe('The proxy that it runs, as in haproxy.'),
    address: httpUrl('Where callers reach it.').optional(),
    trustedProxies: unique(cidr('An address or range.'), 200)
      .min(1)
      .describe("Proxies before it whose word on the client's address counts; none when not given.")
      .optional(),
    listeners: z
      .array(listenerSchema)
      .min(1)
      .max(20)
      .describe('Where it listens.')
      .refine((listeners) => new Set(listeners.map((listener) => listener.name)).size === listeners.length, {
        message: 'must not use one name for two listeners',
      })
      .refine((listeners) => new Set(listeners.map((listener) => listener.port)).size === listeners.length, {
        message: 'must not use one port for two listeners',
      }),
  }),
);

export type GatewayResource = z.infer<typeof gatewayResourceSchema>;
