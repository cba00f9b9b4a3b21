import { z } from 'zod';

/** What a caller proves beside who it is. A scope is asked for in the credential's own scope claim. */
const demands = {
  scopes: z.array(z.string()).optional(),
  /** Claim name → values of which the credential must hold one. */
  claims: z.record(z.string(), z.array(z.string())).optional(),
};

/** A key is sent in `header`, in `Authorization: Bearer`, or in query parameter `query`, where those are set. */
export const apiKeyAuthSchema = z.object({
  kind: z.literal('apiKey'),
  header: z.string(),
  bearer: z.boolean(),
  query: z.string().nullable(),
});

/** A JSON Web Token (RFC 7519), verified with one of `algorithms` and never with the one that the token names alone. */
export const jwtAuthSchema = z.object({
  kind: z.literal('jwt'),
  issuer: z.string(),
  audience: z.array(z.string()),
  /** Where the issuer's keys are (RFC 7517), or the keys themselves as PEM. */
  keys: z.union([z.object({ jwksUri: z.string() }), z.object({ pem: z.array(z.string()).min(1) })]),
  algorithms: z.array(z.string()).min(1),
  /** Header that carries it (`authorization`: as `Bearer`), or a cookie. */
  header: z.string().nullable(),
  cookie: z.string().nullable(),
  clockSkewMs: z.int().nonnegative(),
  scopeClaim: z.string(),
  /** Claim that names the caller; its consumer is the one that lists this issuer and value. */
  consumerClaim: z.string(),
  /** Whether a token whose caller is no Consumer is let in. */
  anyCaller: z.boolean(),
  ...demands,
});

export const basicAuthSchema = z.object({ kind: z.literal('basic'), realm: z.string() });

/** A client certificate that one of the authorities of `ca` (PEM) has signed. */
export const mtlsAuthSchema = z.object({ kind: z.literal('mtls'), ca: z.array(z.string()).min(1) });

/** An opaque token, asked about at `url` (RFC 7662). */
export const introspectionAuthSchema = z.object({
  kind: z.literal('introspection'),
  url: z.string(),
  clientId: z.string(),
  clientSecret: z.object({ secret: z.string() }),
  cacheForMs: z.int().nonnegative(),
  consumerClaim: z.string(),
  ...demands,
});

/** Somebody else decides: a 2xx of `url` lets the call in, and the named headers of its answer go to the upstream. */
export const forwardAuthSchema = z.object({
  kind: z.literal('forward'),
  url: z.string(),
  timeoutMs: z.int().positive(),
  sendHeaders: z.array(z.string()),
  takeHeaders: z.array(z.string()),
});

export const authMethodSchema = z.discriminatedUnion('kind', [
  apiKeyAuthSchema,
  jwtAuthSchema,
  basicAuthSchema,
  mtlsAuthSchema,
  introspectionAuthSchema,
  forwardAuthSchema,
]);

export const authPolicySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  ...authMethodSchema.options,
  /** Two methods or more; with one, that one stands in their place. */
  z.object({ kind: z.literal('anyOf'), methods: z.array(authMethodSchema).min(2) }),
  z.object({ kind: z.literal('allOf'), methods: z.array(authMethodSchema).min(2) }),
]);

export type AuthMethod = z.infer<typeof authMethodSchema>;
export type AuthPolicy = z.infer<typeof authPolicySchema>;
