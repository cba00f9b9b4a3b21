import { z } from 'zod';
import { duration, formatted, headerName, httpUrl, repositoryPath, secretRefSchema, unique } from '../common.ts';

export const authMethods = ['apiKey', 'jwt', 'basic', 'mtls', 'introspection', 'forward'] as const;

export const jwtAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'HS256', 'HS384', 'HS512', 'EdDSA'],
] as const;

const scope = z
  .string()
  .max(200)
  .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a scope: printable characters without blanks, `"` and `\\`');
const claimName = z.string().min(1).max(200);
const claimValues = z.array(z.string().min(1).max(500)).min(1).max(100);

const scopesSchema = unique(scope, 100).describe('Scopes that the credential must carry, all of them.');
const claimsSchema = z
  .record(claimName, claimValues)
  .describe('Claims that it must carry, each with one of these values.');

const apiKeySchema = z
  .strictObject({
    header: headerName('Header that carries the key; x-api-key when not given.').optional(),
    bearer: z
      .boolean()
      .describe('Also accept the key as `Authorization: Bearer <key>`; false when not given.')
      .optional(),
    query: formatted(
      '[A-Za-z0-9._~-]+',
      'must be letters, digits, ".", "_", "~" or "-"',
      'Query parameter that may carry the key.',
      100,
    ).optional(),
  })
  .describe('Where a key may stand.');

const jwtSchema = z
  .strictObject({
    issuer: z.string().min(1).max(2048).describe('Value of `iss`, exactly.'),
    audience: unique(z.string().min(1).max(500), 4)
      .min(1)
      .describe('Values of which `aud` must hold one; any when not given.')
      .optional(),
    jwksUri: httpUrl('Where the keys of the issuer are, as a JSON Web Key Set.').optional(),
    keys: unique(repositoryPath('a public key as PEM'), 20)
      .min(1)
      .describe('Public keys in this repository, in place of jwksUri.')
      .optional(),
    algorithms: unique(z.enum(jwtAlgorithms), 13)
      .min(1)
      .describe('Algorithms that count, whatever the token says; [RS256] when not given.')
      .optional(),
    header: headerName('Header that carries it; Authorization, as Bearer, when not given.').optional(),
    cookie: formatted(
      "[A-Za-z0-9!#$%&'*+.^_`|~-]+",
      'must be the name of a cookie',
      'Cookie that may carry it.',
      100,
    ).optional(),
    clockSkew: duration('How far clocks may differ; 30s when not given.', { minMs: 0, maxMs: 600_000 }).optional(),
    scopeClaim: claimName
      .describe('Claim that lists the scopes; scope when not given. A dot leads into an object, but not in a URL.')
      .optional(),
    consumerClaim: claimName
      .describe('Claim that names the caller; sub when not given. A dot as in scopeClaim.')
      .optional(),
    anyCaller: z.boolean().describe('Let in callers that are no Consumer here; false when not given.').optional(),
  })
  .refine(({ jwksUri, keys }) => (jwksUri === undefined) !== (keys === undefined), {
    message: 'is required: say where the keys are, by `jwksUri` or by `keys`',
    path: ['jwksUri'],
  })
  .describe('JSON Web Tokens (RFC 7519).');

const basicSchema = z
  .strictObject({
    realm: z.string().min(1).max(100).describe('Told to the caller; the API’s name when not given.').optional(),
  })
  .describe('User name and password (RFC 7617); consumers hold hashes of theirs.');

const mtlsSchema = z
  .strictObject({
    ca: unique(repositoryPath('a certificate authority as PEM'), 20)
      .min(1)
      .describe('Authorities in this repository whose certificates count.'),
  })
  .describe('Client certificates; a listener must ask for them. One that is no Consumer’s is let in without a plan.');

const introspectionSchema = z
  .strictObject({
    url: httpUrl('Introspection endpoint (RFC 7662).'),
    clientId: z.string().min(1).max(200).describe('Who asks there.'),
    clientSecret: secretRefSchema.describe('Secret of who asks.'),
    cacheFor: duration('How long an answer counts; 30s when not given.', { minMs: 0, maxMs: 3_600_000 }).optional(),
    consumerClaim: claimName.describe('Member that names the caller; client_id when not given.').optional(),
  })
  .describe('Opaque tokens, asked about at the issuer; for Consumers, url is their issuer.');

const forwardSchema = z
  .strictObject({
    url: httpUrl('Asked for each call; 2xx lets it in.'),
    timeout: duration('Longest wait for its answer; 1s when not given.', { maxMs: 60_000 }).optional(),
    sendHeaders: unique(headerName('A request header that it is sent.'), 50)
      .describe('Request headers that it is sent; Authorization and Cookie when not given.')
      .optional(),
    takeHeaders: unique(headerName('A header of its answer.'), 50)
      .describe('Headers of its answer that go to the upstream; none when not given.')
      .optional(),
  })
  .describe('Somebody else decides.');

const methodSettings = {
  apiKey: apiKeySchema.optional(),
  jwt: jwtSchema.optional(),
  basic: basicSchema.optional(),
  mtls: mtlsSchema.optional(),
  introspection: introspectionSchema.optional(),
  forward: forwardSchema.optional(),
  scopes: scopesSchema.optional(),
  claims: claimsSchema.optional(),
};

/** Methods that need settings of their own to mean anything. */
const needSettings = ['jwt', 'mtls', 'introspection', 'forward'] as const;

interface AuthFields {
  anyOf?: readonly string[] | undefined;
  allOf?: readonly string[] | undefined;
  scopes?: unknown;
  claims?: unknown;
}

function consistent(auth: AuthFields & Record<string, unknown>, issues: z.RefinementCtx): void {
  const report = (path: string, message: string) => issues.addIssue({ code: 'custom', path: [path], message });
  if ((auth.anyOf === undefined) === (auth.allOf === undefined)) {
    report('anyOf', 'is required: name the ways to authenticate, by `anyOf` or by `allOf`');
    return;
  }
  const named = auth.anyOf ?? auth.allOf ?? [];
  if (named.includes('none') && (named.length > 1 || auth.allOf !== undefined)) {
    report(auth.anyOf === undefined ? 'allOf' : 'anyOf', 'must name `none` alone: `anyOf: [none]` lets everybody in');
  }
  for (const method of authMethods) {
    if (auth[method] !== undefined && !named.includes(method)) {
      const asked = named.includes('none') ? '`anyOf: [none]` asks for nothing' : 'this way is not among those named';
      report(method, `is set, but ${asked}`);
    }
  }
  for (const method of needSettings) {
    if (named.includes(method) && auth[method] === undefined) report(method, 'is required: this way is named above');
  }
  const carries = named.some((method) => method === 'jwt' || method === 'introspection');
  for (const field of ['scopes', 'claims'] as const) {
    if (auth[field] !== undefined && !carries) report(field, 'is set, but none of the ways named carries any');
  }
}

export const authSchema = z
  .strictObject({
    anyOf: unique(z.enum([...authMethods, 'none']), 6)
      .min(1)
      .describe('Ways to authenticate of which one must hold; [none] lets everybody in.')
      .optional(),
    allOf: unique(z.enum([...authMethods, 'none']), 6)
      .min(1)
      .describe('Ways to authenticate that must hold together, in place of anyOf.')
      .optional(),
    ...methodSettings,
  })
  .superRefine(consistent)
  .describe('Who may call.');

/** For one operation: what is said here is put over what the API asks for. */
export const operationAuthSchema = z
  .strictObject({
    anyOf: unique(z.enum([...authMethods, 'none']), 6)
      .min(1)
      .describe('Ways of which one must hold, in place of the API’s.')
      .optional(),
    allOf: unique(z.enum([...authMethods, 'none']), 6)
      .min(1)
      .describe('Ways that must hold together, in place of the API’s.')
      .optional(),
    scopes: scopesSchema.optional(),
    claims: claimsSchema.optional(),
  })
  .refine((auth) => auth.anyOf === undefined || auth.allOf === undefined, {
    message: 'is set beside `anyOf`: use one of them',
    path: ['allOf'],
  })
  .describe('Who may call it; settings of the ways are those of the API.');

export type AuthSpec = z.infer<typeof authSchema>;
export type OperationAuthSpec = z.infer<typeof operationAuthSchema>;
