import type { ApiUnit, ConsumerEntry, GatewayUnit, PlanUnit, Unit } from '@gitway/contracts';
import type {
  ApiOf,
  CertificateName,
  ConformanceCase,
  KeyName,
  PoolOf,
  Snapshot,
  TokenOf,
  UpstreamName,
} from './case.ts';

/** What a run gives to a case. */
export interface Surroundings {
  /** The case's own id, or another one for a run beside it. */
  readonly id: string;
  readonly ports: Readonly<Record<UpstreamName, number>>;
  /** SHA-256 of a key, lower-case hex. */
  readonly hash: (key: string) => string;
  /** The public half of a key, as PEM. */
  readonly pem: (key: KeyName) => string;
  readonly certificate: (name: CertificateName) => string;
  readonly fingerprint: (name: CertificateName) => string;
  readonly token: (token: TokenOf) => string;
  readonly tokens: Readonly<Record<string, TokenOf>>;
}

export const hostOf = (id: string) => `${id}.test`;
export const keyOf = (id: string, consumer: string) => `${id}-${consumer}-key`;
export const GATEWAY = 'edge';

/** Fills `{{…}}` into every text of a value, names of members included. */
export function filled<T>(
  value: T,
  around: Surroundings,
  more: (name: string) => string | undefined = () => undefined,
): T {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{([^}]+)\}\}/g, (_all, name: string) => more(name) ?? textOf(name, around)) as T;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => filled(item, around, more)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [filled(name, around, more), filled(member, around, more)]),
  ) as T;
}

function textOf(name: string, around: Surroundings): string {
  const { id, ports, tokens } = around;
  const [kind = '', rest = ''] = name.split('.');
  if (name === 'id') return id;
  if (name === 'host') return hostOf(id);
  if (kind === 'key') return keyOf(id, rest);
  if (kind === 'consumer' || kind === 'plan') return `${id}-${rest}`;
  const token = kind === 'token' ? tokens[rest] : undefined;
  if (token !== undefined) return around.token(filled(token, around));
  if (kind === 'basic') {
    const [user = '', password = ''] = rest.split(':');
    return btoa(`${id}-${user}:${password}`);
  }
  if (kind === 'hash') return around.hash(keyOf(id, rest));
  if (kind === 'pem') return around.pem(rest as KeyName);
  if (kind === 'certificate') return around.certificate(rest as CertificateName);
  if (kind === 'fingerprint') return around.fingerprint(rest as CertificateName);
  if (kind === 'port' && rest in ports) return String(ports[rest as UpstreamName]);
  throw new Error(`nothing is known to fill in for {{${name}}}`);
}

/** The units of a case's snapshot but its gateway; names are the case's own. */
export function unitsOf(given: Snapshot, around: Surroundings): { units: Unit[]; consumers: ConsumerEntry[] } {
  const { api: main = null, apis: more = {}, plans = {}, consumers = {} } = given;
  const snapshot = filled({ main, more, plans, consumers }, around);
  const { id } = around;
  const apis = Object.entries({
    ...(snapshot.main === null ? {} : { [id]: snapshot.main }),
    ...Object.fromEntries(Object.entries(snapshot.more).map(([name, api]) => [`${id}-${name}`, api])),
  });
  return {
    units: [
      ...apis.map(([name, api]) => apiOf(name, api, around)),
      ...Object.entries(snapshot.plans).map(([name, plan]): PlanUnit => ({
        kind: 'plan',
        name: `${id}-${name}`,
        rateLimits: [],
        ...plan,
      })),
    ],
    consumers: Object.entries(snapshot.consumers).map(([name, consumer]) => ({
      owner: null,
      keyHashes: [around.hash(keyOf(id, name))],
      suspended: false,
      ...consumer,
      name: `${id}-${name}`,
      plans: (consumer.plans ?? []).map((plan) => `${id}-${plan}`),
    })),
  };
}

export const gatewayOf = (driver: string, change: ConformanceCase['gateway'] = {}): GatewayUnit => ({
  kind: 'gateway',
  name: GATEWAY,
  driver,
  listeners: [{ name: 'http', protocol: 'http', port: 80 }],
  ...change,
});

function apiOf(name: string, given: ApiOf, around: Surroundings): ApiUnit {
  const { route, operations = [], pools = [{ to: ['a'] }], policy, plans = [], planOperations, ...rest } = given;
  const own = hostOf(around.id);
  const { hosts = [own], ...path } = route ?? {};
  return {
    kind: 'api',
    name,
    labels: {},
    owner: null,
    lifecycle: 'active',
    visibility: 'public',
    openapi: { title: name, version: '1', digest: `sha256-${'0'.repeat(64)}` },
    ...rest,
    route: {
      basePath: '/',
      keepBasePath: false,
      ...path,
      hosts: hosts.map((host) => (host.includes('.') ? host : `${host}.${own}`)),
    },
    operations: operations.map((line) => {
      const [id = '', method = '', template = ''] = line.split(' ');
      return { id, method, path: template };
    }),
    pools: pools.map((pool) => poolOf(pool, around)),
    plans: plans.map((plan) => `${around.id}-${plan}`),
    ...(planOperations === undefined
      ? {}
      : {
          planOperations: Object.fromEntries(
            Object.entries(planOperations).map(([plan, opened]) => [`${around.id}-${plan}`, opened]),
          ),
        }),
    policy: { auth: { kind: 'none' }, rateLimits: [], timeouts: { connectMs: 1000, requestMs: 30_000 }, ...policy },
  };
}

const poolOf = ({ to, ...pool }: PoolOf, { ports }: Surroundings): ApiUnit['pools'][number] => ({
  name: 'stable',
  weight: 100,
  healthCheck: null,
  ...pool,
  targets: to.map((target) => {
    const {
      upstream,
      weight = 1,
      host = '127.0.0.1',
      scheme = 'http',
    } = typeof target === 'string' ? { upstream: target } : target;
    return { scheme, host, port: ports[upstream], weight };
  }),
});
