import type { ApiUnit, HealthCheck, PlanUnit, Pool, Target } from '@gitway/contracts';
import type { ExpectedServer } from '../driver.ts';
import { type KeyScheme, schemeOf } from './auth.ts';
import { limitRules } from './limits.ts';
import { backendName } from './names.ts';
import { safe, serverAddress } from './syntax.ts';

/** What one API contributes; made from its unit and the limits of its plans alone. */
export interface ApiFragment {
  readonly name: string;
  /** Lines of its backends, one backend for each pool. */
  readonly lines: readonly string[];
  /** Route key → value of the routes map. */
  readonly routes: readonly (readonly [string, string])[];
  /** `<api>/<slot>` → backend; empty for an API with one pool in use. */
  readonly slots: readonly (readonly [string, string])[];
  readonly scheme: KeyScheme | null;
  readonly windows: readonly number[];
  readonly anyHost: boolean;
  readonly servers: readonly ExpectedServer[];
}

/** `host + path + "/"`, so that the longest match ends at a segment's border; `*` stands for any host. */
export function routeKeys(api: ApiUnit): string[] {
  const path = safe('basePath', api.route.basePath);
  const tail = path.endsWith('/') ? path : `${path}/`;
  const hosts = api.route.hosts.length === 0 ? ['*'] : [...new Set(api.route.hosts)].map((host) => safe('host', host));
  return hosts.map((host) => host + tail);
}

export function renderApi(api: ApiUnit, plans: ReadonlyMap<string, PlanUnit>): ApiFragment {
  const name = safe('name', api.name);
  const scheme = schemeOf(api);
  const limits = limitRules(api, plans);
  const rules = [...accessRules(api), ...limits.lines, ...pathRules(api)];
  const slots = poolSlots(api);
  const first = api.pools.find((pool) => pool.weight > 0) ?? api.pools[0];
  const backend = backendName(name, safe('name', first?.name ?? ''));
  const value = [name, backend, Math.max(1, slots.length), scheme?.id ?? '-'].join('|');
  return {
    name,
    lines: api.pools.flatMap((pool) => backendLines(api, pool, rules)),
    routes: routeKeys(api).map((key) => [key, value] as const),
    slots: slots.map((pool, slot) => [`${name}/${slot}`, backendName(name, pool)] as const),
    scheme,
    windows: limits.windows,
    anyHost: api.route.hosts.length === 0,
    servers: api.pools.flatMap((pool) =>
      pool.targets.map((target, index) => ({
        backend: backendName(name, pool.name),
        server: `t${index}`,
        label: `${name}/${pool.name}/${index}`,
        host: target.host,
        port: target.port,
        weight: target.weight,
      })),
    ),
  };
}

/** One slot for each share of calls, weights reduced by their greatest common divisor: a call takes a slot at random. */
function poolSlots(api: ApiUnit): string[] {
  const used = api.pools.filter((pool) => pool.weight > 0);
  if (used.length < 2) return [];
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const divisor = used.map((pool) => pool.weight).reduce(gcd);
  return used.flatMap((pool) => Array<string>(pool.weight / divisor).fill(pool.name));
}

function accessRules(api: ApiUnit): string[] {
  if (api.lifecycle === 'retired') return ['    http-request deny deny_status 410'];
  if (api.policy.auth.kind === 'none' || api.plans.length === 0) return [];
  return [
    ...api.plans.map((plan) => `    acl entitled var(txn.plans) -m sub ,${safe('name', plan)},`),
    '    http-request deny deny_status 403 unless entitled',
  ];
}

/** Takes the base path off by its length, so that no part of it is ever read as a pattern. */
function pathRules({ route }: ApiUnit): string[] {
  if (route.keepBasePath || route.basePath === '/') return [];
  return [`    http-request set-path /%[path,bytes(${route.basePath.length + 1})]`];
}

function backendLines(api: ApiUnit, pool: Pool, rules: readonly string[]): string[] {
  const { connectMs, requestMs } = api.policy.timeouts;
  const check = pool.healthCheck;
  return [
    `backend ${backendName(api.name, safe('name', pool.name))}`,
    `    timeout connect ${connectMs}`,
    `    timeout server ${requestMs}`,
    // A refused connection is tried elsewhere at once, but on the same target only after a second.
    `    retries ${pool.targets.length > 1 ? 3 : 1}`,
    ...rules,
    ...(check === null ? [] : checkLines(check, pool.targets)),
    ...pool.targets.map((target, index) => serverLine(target, index, check)),
    '',
  ];
}

function checkLines(check: HealthCheck, targets: readonly Target[]): string[] {
  const host = targets[0]?.host ?? '';
  return [
    '    option httpchk',
    `    http-check send meth GET uri '${safe('path', check.path)}' ver HTTP/1.1 hdr host '${host.toLowerCase()}' hdr user-agent gitway-health`,
    '    http-check expect status 200-399',
  ];
}

function serverLine({ scheme, host, port, weight }: Target, index: number, check: HealthCheck | null): string {
  const words = [`    server t${index} ${serverAddress(host, port)} weight ${weight} init-addr libc,none`];
  if (scheme === 'https') {
    const name = host.replace(/^\[|\]$/g, '').toLowerCase();
    words.push('ssl verify required ca-file @system-ca', `sni str(${name}) verifyhost ${name}`);
    if (check !== null) words.push(`check-ssl check-sni ${name}`);
  }
  if (check !== null) {
    words.push(`check inter ${check.intervalMs} fall ${check.unhealthyAfter} rise ${check.healthyAfter}`);
  }
  return words.join(' ');
}
