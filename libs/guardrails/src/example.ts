import { unitSchema, type ConsumerEntry, type Unit } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import { nearest } from './language/suggest.ts';
import { guardrailKinds, sharedVariables, types, variableOf, type GuardrailKind } from './language/types.ts';

/**
 * A small configuration to try a rule on, under the names that expressions use: `{ api: { visibility: public } }`. What
 * is not written has the value of the ordinary unit below. `now` is an ISO date.
 */
export type Example = Readonly<Record<string, unknown>>;

type Mapping = Readonly<Record<string, unknown>>;

const ordinary: Readonly<Record<string, Mapping>> = {
  Api: {
    name: 'pets',
    labels: {},
    owner: 'pets@example.com',
    lifecycle: 'active',
    visibility: 'internal',
    route: {},
    openapi: {},
    operations: [{}],
    pools: [{}],
    plans: [],
    policy: {},
  },
  Route: { hosts: ['api.example.com'], basePath: '/pets', keepBasePath: false },
  OpenApi: { title: 'Pets', version: '1.0.0', digest: `sha256-${'0'.repeat(64)}` },
  Operation: { id: 'listPets', method: 'get', path: '/pets' },
  Deprecation: {},
  Slo: { availability: 99.9, windowMs: 2_592_000_000 },
  UpstreamTls: { verify: true },
  Quota: { requests: 10_000, per: 'day', by: 'consumer' },
  RequestLimits: {},
  Cors: {
    origins: ['https://app.example.com'],
    methods: ['GET'],
    headers: [],
    exposeHeaders: [],
    credentials: false,
    maxAgeMs: 600_000,
  },
  Retries: { attempts: 1, on: ['connect-failure'], methods: ['GET'] },
  IpRules: {},
  AuthMethod: { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null },
  ListenerTls: { certificates: [{ certificate: { secret: 'edge-tls' } }], minVersion: '1.2' },
  Pool: { name: 'stable', weight: 100, targets: [{}], healthCheck: {} },
  Target: { scheme: 'https', host: 'pets.internal', port: 8443, weight: 1 },
  HealthCheck: { path: '/healthz', intervalMs: 5_000, unhealthyAfter: 3, healthyAfter: 2 },
  Policy: { auth: {}, rateLimits: [], timeouts: {} },
  Auth: { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null },
  RateLimit: { requests: 600, windowMs: 60_000, by: 'consumer' },
  Timeouts: { connectMs: 2_000, requestMs: 10_000 },
  Plan: { name: 'free', rateLimits: [{}] },
  Consumer: { name: 'acme', owner: 'dev@acme.example', keyHashes: ['a'.repeat(64)], plans: [], suspended: false },
  Gateway: { name: 'edge', driver: 'haproxy', listeners: [{}] },
  Listener: { name: 'http', protocol: 'http', port: 8080 },
  Environment: {
    name: 'production',
    gateways: ['edge'],
    promoteFrom: null,
    promotion: {},
    analysis: {},
    drift: {},
  },
  Promotion: { soakMs: 0, approvals: 0 },
  Analysis: { windowMs: 120_000, minRequests: 50 },
  Drift: { mode: 'heal', intervalMs: 5_000 },
};

/** Fields of a token that no rule speaks of. */
const ordinaryJwt = {
  kind: 'jwt',
  issuer: 'https://id.example.com',
  audience: [],
  keys: { jwksUri: 'https://id.example.com/keys' },
  algorithms: ['RS256'],
  header: 'authorization',
  cookie: null,
  clockSkewMs: 30_000,
  scopeClaim: 'scope',
  consumerClaim: 'sub',
  anyCaller: false,
};

/**
 * The units of an example for rules of one kind, with the time that it names.
 * @throws InvalidInputError `bad-example`
 */
export function unitsOfExample(kind: GuardrailKind, example: Example): { units: Unit[]; now: Date | undefined } {
  const own = variableOf(kind);
  const known = [own, ...Object.keys(sharedVariables)];
  for (const name of Object.keys(example)) {
    if (!known.includes(name)) refuse(`\`${name}\` is not a name in an example`, name, known);
  }
  const units: Unit[] = [];
  const consumers: ConsumerEntry[] = [];
  const add = (of: GuardrailKind, given: unknown) => {
    const completed = complete(of, given, variableOf(of));
    if (of === 'Consumer') consumers.push(completed as unknown as ConsumerEntry);
    else units.push(checked({ ...completed, kind: variableOf(of) }));
  };
  add(kind, example[own] ?? {});
  if (kind !== 'Environment') add('Environment', example['environment'] ?? {});
  for (const of of guardrailKinds) {
    if (of === 'Environment') continue;
    const list = example[`${variableOf(of)}s`];
    if (list === undefined) continue;
    if (!Array.isArray(list)) throw new InvalidInputError('bad-example', `\`${variableOf(of)}s\` must be a list.`);
    for (const item of list) add(of, item);
  }
  if (consumers.length > 0) units.push(checked({ kind: 'consumers', name: '00', consumers }));
  return { units, now: timeOf(example['now']) };
}

function complete(type: string, given: unknown, at: string): Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new InvalidInputError('bad-example', `\`${at}\` must be a mapping of the fields of ${type}.`);
  }
  const declared = types[type]!;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(declared, name)) refuse(`\`${name}\` is not a field of ${type}`, name, Object.keys(declared));
  }
  const laid: Mapping = { ...ordinary[type]!, ...given };
  if (type === 'Auth' && laid['kind'] === 'none') return { kind: 'none' };
  if ((type === 'Auth' || type === 'AuthMethod') && laid['kind'] === 'jwt') return { ...ordinaryJwt, ...given };
  // What no rule can speak of, and a unit must have.
  const result: Record<string, unknown> = Object.fromEntries(
    Object.entries(ordinary[type]!).filter(([name]) => !Object.hasOwn(declared, name)),
  );
  for (const [name, { type: of }] of Object.entries(declared)) {
    const value = laid[name];
    const element = /^list<(.+)>$/.exec(of)?.[1];
    if (value === undefined) continue;
    if (value === null) result[name] = null;
    else if (of in types) result[name] = complete(of, value, `${at}.${name}`);
    else if (element !== undefined && element in types && Array.isArray(value)) {
      result[name] = value.map((item, index) => complete(element, item, `${at}.${name}.${index}`));
    } else result[name] = value;
  }
  return result;
}

function checked(unit: unknown): Unit {
  const parsed = unitSchema.safeParse(unit);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError('bad-example', `\`${issue!.path.join('.')}\`: ${issue!.message}.`);
}

function timeOf(given: unknown): Date | undefined {
  if (given === undefined) return undefined;
  const time = typeof given === 'string' ? new Date(given) : undefined;
  if (time === undefined || Number.isNaN(time.getTime())) {
    throw new InvalidInputError('bad-example', '`now` must be a date, as in 2026-01-31T00:00:00Z.');
  }
  return time;
}

function refuse(problem: string, given: string, known: readonly string[]): never {
  const near = nearest(given, known);
  const hint = near === undefined ? `There are: ${known.join(', ')}.` : `Did you mean \`${near}\`?`;
  throw new InvalidInputError('bad-example', `${problem}. ${hint}`);
}
