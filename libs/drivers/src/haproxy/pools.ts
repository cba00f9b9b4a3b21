import type { ApiUnit, HealthCheck, Pool, Target } from '@gitway/contracts';
import type { ExpectedServer } from '../driver.ts';
import { native, no } from './capability.ts';
import type { Checker } from './checker.ts';
import { backendName } from './names.ts';
import { fits, isTargetHost, safe, serverAddress } from './syntax.ts';

export const poolCapabilities = [
  native('api pools.weight', 'a slot for each share, taken at random for each call'),
  native('api pools.targets.scheme', '`https` verifies certificate and name against the system’s authorities'),
  native('api pools.targets.host', 'resolved when the configuration is loaded'),
  native('api pools.targets.port', '`server`'),
  native('api pools.targets.weight', '`server … weight`, 1–256'),
  native('api pools.healthCheck.path', '`option httpchk`, 200–399 is healthy'),
  native('api pools.healthCheck.intervalMs', '`inter`'),
  native('api pools.healthCheck.unhealthyAfter', '`fall`'),
  native('api pools.healthCheck.healthyAfter', '`rise`'),
  no('api pools.passiveHealthCheck'),
  no('api pools.slowStartMs'),
  no('api pools.resolveEveryMs', 'names are resolved when the configuration is loaded'),
  no('api pools.maxConnections'),
  no('api pools.protocol', 'upstreams are spoken to in HTTP/1.1'),
  no('api pools.tls', '`https` targets are verified against the system’s authorities'),
];

export function checkPools(pools: ApiUnit['pools'], on: Checker): void {
  on.require(
    pools.some((pool) => pool.weight > 0),
    'pools',
    'need a weight above 0 in at least one pool',
  );
  on.require(new Set(pools.map((pool) => pool.name)).size === pools.length, 'pools', 'need different names');
  pools.forEach((pool, index) => {
    const at = `pools[${index}]`;
    on.name(pool.name, `${at}.name`);
    const weight = Number.isInteger(pool.weight) && pool.weight >= 0 && pool.weight <= 100;
    on.require(weight, `${at}.weight`, 'must be from 0 to 100');
    on.require(pool.targets.length > 0, `${at}.targets`, 'must not be empty');
    pool.targets.forEach((target, number) => {
      on.require(isTargetHost(target.host), `${at}.targets[${number}].host`, 'must be a DNS name or an IP address');
      on.count(target.port, `${at}.targets[${number}].port`, 65535);
      on.count(target.weight, `${at}.targets[${number}].weight`, 256);
    });
    if (pool.healthCheck === null) return;
    on.require(fits('path', pool.healthCheck.path), `${at}.healthCheck.path`, 'must be a plain URL path');
    on.time(pool.healthCheck.intervalMs, `${at}.healthCheck.intervalMs`);
    on.count(pool.healthCheck.unhealthyAfter, `${at}.healthCheck.unhealthyAfter`, 1000);
    on.count(pool.healthCheck.healthyAfter, `${at}.healthCheck.healthyAfter`, 1000);
  });
}

/** A pool as a backend: what only a backend may hold, and its servers, which can be changed while it runs. */
export interface PoolBackend {
  readonly name: string;
  /** Name of the pool as its API calls it. */
  readonly pool: string;
  readonly lines: readonly string[];
  readonly servers: readonly PoolServer[];
}

export interface PoolServer extends ExpectedServer {
  /** What follows name and address in a `server` line, and in `add server` at run time. */
  readonly settings: string;
}

/** One slot for each share of calls, weights reduced by their greatest common divisor: a call takes a slot at random. */
export function poolSlots(api: ApiUnit): string[] {
  const used = api.pools.filter((pool) => pool.weight > 0);
  if (used.length < 2) return [];
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const divisor = used.map((pool) => pool.weight).reduce(gcd);
  return used.flatMap((pool) => Array<string>(pool.weight / divisor).fill(pool.name));
}

export function poolBackend(api: ApiUnit, pool: Pool): PoolBackend {
  const name = backendName(safe('name', api.name), safe('name', pool.name));
  const check = pool.healthCheck;
  return {
    name,
    pool: pool.name,
    lines: [
      // A refused connection is tried elsewhere at once, but on the same target only after a second.
      `    retries ${pool.targets.length > 1 ? 3 : 1}`,
      ...(check === null ? [] : checkLines(check, pool.targets)),
    ],
    servers: pool.targets.map((target, index) => ({
      backend: name,
      server: `t${index}`,
      label: `${api.name}/${pool.name}/${index}`,
      host: target.host,
      port: target.port,
      weight: target.weight,
      settings: serverSettings(target, check),
    })),
  };
}

export const serverLine = ({ server, host, port, settings }: PoolServer): string =>
  `    server ${server} ${serverAddress(host, port)} init-addr libc,none ${settings}`;

function checkLines(check: HealthCheck, targets: readonly Target[]): string[] {
  const host = targets[0]?.host ?? '';
  return [
    '    option httpchk',
    `    http-check send meth GET uri '${safe('path', check.path)}' ver HTTP/1.1 hdr host '${host.toLowerCase()}' hdr user-agent gitway-health`,
    '    http-check expect status 200-399',
  ];
}

function serverSettings({ scheme, host, weight }: Target, check: HealthCheck | null): string {
  const words = [`weight ${weight}`];
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
