/** What holds for a group of policy that is asked for, where it does not say. In the form of the unit. */
export const groupDefaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  concurrency: { by: 'consumer', queue: 0, queueTimeoutMs: 1_000 },
  retries: { on: ['connect-failure'], methods: ['GET', 'HEAD', 'OPTIONS'] },
  circuitBreaker: { on: ['connect-failure', '5xx'], openForMs: 10_000 },
  loadBalancing: { algorithm: 'round-robin' },
  canary: { match: [], sticky: 'consumer' },
  mirror: { percent: 100 },
  cors: { headers: [], exposeHeaders: [], credentials: false, maxAgeMs: 600_000 },
  compression: { types: ['application/json', 'text/*'], minSizeBytes: 1_000 },
  cache: { methods: ['GET', 'HEAD'], statuses: [200], vary: [], maxBodyBytes: 64_000 },
  maintenance: { status: 503, message: 'This API is under maintenance.', allow: [] },
  errors: { format: 'problem+json' },
  accessLog: { level: 'all', sample: 1, headers: [], audit: 'off' },
};

export const redirectDefaults = { status: 308 } as const;
export const wafDefaults = { mode: 'block', paranoia: 1 } as const;
export const banDefaults = { withinMs: 60_000, forMs: 600_000, by: 'ip' } as const;
export const timeoutDefaults = { connectMs: 5_000, requestMs: 30_000 } as const;

export const methodDefaults = {
  apiKey: { header: 'x-api-key', bearer: false, query: null },
  jwt: {
    audience: [],
    algorithms: ['RS256'],
    header: null,
    cookie: null,
    clockSkewMs: 30_000,
    scopeClaim: 'scope',
    consumerClaim: 'sub',
    anyCaller: false,
  },
  basic: {},
  mtls: {},
  introspection: { cacheForMs: 30_000, consumerClaim: 'client_id' },
  forward: { timeoutMs: 1_000, sendHeaders: ['authorization', 'cookie'], takeHeaders: [] },
} as const;
