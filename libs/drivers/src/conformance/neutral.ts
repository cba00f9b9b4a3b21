import type { ConsumerEntry, Unit } from '@gitway/contracts';

/** The units of one case, its consumers apart. */
export interface CaseUnits {
  readonly units: readonly Unit[];
  readonly consumers: readonly ConsumerEntry[];
}

/**
 * The same units with a field taken away, as if a driver had not seen it: left out where it may be, else at a value that
 * asks for as little as it can. `valid` says whether a driver takes what comes of it. Null: there is no such field here.
 */
export function without(given: CaseUnits, field: string, valid: (units: CaseUnits) => boolean): CaseUnits | null {
  const [kind = '', path = ''] = field.split(' ');
  const steps = path.split('.');
  const before = JSON.stringify(given);
  for (const candidate of candidatesOf(field)) {
    const put = <T>(value: T): T => replaced(value, steps, candidate) as T;
    const changed: CaseUnits = {
      units: given.units.map((unit) => (unit.kind === kind ? put(unit) : unit)),
      consumers: kind === 'consumer' ? given.consumers.map((consumer) => put(consumer)) : given.consumers,
    };
    if (JSON.stringify(changed) !== before && valid(changed)) return changed;
  }
  return null;
}

const absent = Symbol('absent');
type Candidate = unknown;

/** Public keys of nobody. */
const strangers = [
  `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA36yDsycTghtcd2TPG8dz
eOx0NtCe4xTohvK+eN7LppIkNtOlz7bz/Q/XbuTHQbp52ENLhDmeb/sh3cet9VyW
erOi5YUYrlMAFmDdv16TAQrywXQAMX+plZtFhkuPkkXSxP7KjY/dl/4zgIIEkSMr
4++gfa5+ziutA5+5rTFb/kBdWcAp1FxW/WMiWgTY2bQLJp1avNGNzixvPatiWs1p
LcERwJNBSvvG9Mq0g+9sKu1h4qS7w8nbgyD4ZLInnUiUb0lAes841mjMEayw0UuM
tMOw+j4imZJ+ByFa4mmXYt6NPNWVaSNF+QdA9ppQDh6fM8J+G1fWCXRqLzFd9LLW
9QIDAQAB
-----END PUBLIC KEY-----`,
  `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEuM2TaF/UomRkFcEeVu4uxFzwGqx6
iWb8q5/h0Fl24bU16VZWi+vfK3soel5nZYXTMQVEra9nYgcwR5SmTtqe/g==
-----END PUBLIC KEY-----`,
];

/** Where the general list would lead to what is valid but means another thing. */
const special: Readonly<Record<string, readonly Candidate[]>> = {
  'api policy.auth.kind': [{ kind: 'none' }],
  'api pools.targets.host': ['127.0.0.9'],
  'consumer mtls.value': ['0'.repeat(64)],
  'api policy.auth.cacheForMs': [0],
  'api policy.auth.url': ['http://127.0.0.1:1/'],
  'api policy.auth.algorithms': [['RS512'], ['RS256', 'RS512']],
  'api policy.auth.keys.pem': strangers.map((pem) => [pem]),
  'api policy.auth.methods': [
    [
      { kind: 'apiKey', header: 'x-something-else', bearer: false, query: null },
      { kind: 'basic', realm: 'something-else' },
    ],
  ],
  'api lifecycle': ['active'],
  'api route.match.in': ['query', 'cookie'],
  'api policy.accessLog.level': ['all'],
  // Another pool and another secret that are there.
  'api policy.canary.pool': ['stable'],
  'api pools.tls.clientCertificate.secret': ['both/bob'],
  // Longer than any other window, so that it does not come to end while a case runs.
  'api policy.rateLimits.windowMs': [2_000_000_000],
  'plan rateLimits.windowMs': [2_000_000_000],
  'api policy.cors.origins': [['https://something.else']],
  'api policy.maintenance.status': [500],
  'api policy.threatProtection.bans.withinMs': [1],
  'api policy.cache.methods': [['GET', 'HEAD']],
  'api policy.compression.types': [['image/something-else']],
  'api policy.redirects.from': ['/{id}'],
  'api policy.redirects.status': [302],
  'api policy.rewrite.paths.from': ['/something-else/{id}/{toy}'],
};

const general: readonly Candidate[] = [
  absent,
  null,
  [],
  {},
  false,
  true,
  1_000_000,
  65_000,
  256,
  100,
  1,
  // Values of enumerations, the least asking first.
  ...[
    'none',
    'off',
    'api',
    'consumer',
    'header',
    'path',
    'http',
    'http1',
    'round-robin',
    'dns',
    'month',
    'week',
    'text',
  ],
  ...['problem+json', 'detect', '1.2', 'request', 'random', 'ip', 'GET', 'connect-failure', '504'],
  ...['something-else', '/something-else', 'something.else'],
  ...[['GET'], ['connect-failure'], ['something-else'], ['/something-else'], [418]],
];

const candidatesOf = (field: string) => special[field] ?? (field.endsWith('auth.kind') ? [{ kind: 'none' }] : general);

/** The value with what stands at the path replaced, in every item of the lists on the way. */
function replaced(value: unknown, steps: readonly string[], candidate: Candidate): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, steps, candidate));
  if (typeof value !== 'object' || value === null) return value;
  const [step = '', ...rest] = steps;
  if (!(step in value)) return value;
  // A kind of authentication is its whole object.
  if (rest.length === 1 && rest[0] === 'kind' && step === 'auth') return { ...value, auth: candidate };
  const entries = Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (name !== step) return [[name, member]];
    if (rest.length > 0 && name === 'operations' && !Array.isArray(member)) {
      const each = Object.entries(member as object).map(([id, own]) => [id, replaced(own, rest, candidate)]);
      return [[name, Object.fromEntries(each)]];
    }
    if (rest.length > 0) return [[name, replaced(member, rest, candidate)]];
    return candidate === absent ? [] : [[name, candidate]];
  });
  return Object.fromEntries(entries);
}
