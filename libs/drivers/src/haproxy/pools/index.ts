import type { ApiUnit, Pool } from '@gitway/contracts';
import type { ExpectedServer, Provided } from '../../driver.ts';
import { native } from '../capability.ts';
import type { Checker } from '../checker.ts';
import { backendName } from '../names.ts';
import type { SharedFile, SharedLines } from '../policy.ts';
import { fits, isTargetHost, safe, serverAddress } from '../syntax.ts';
import { checkWords, type Judgement, judgementOf, probeLines } from './health.ts';
import { isNamed, resolversOf } from './resolvers.ts';
import { isCertificate, type PoolFiles, poolFiles, tlsWords } from './tls.ts';

export const poolCapabilities = [
  native('api pools.weight', 'a slot for each share, taken at random for each call'),
  native('api pools.targets.scheme', '`https` verifies certificate and name against the system’s authorities'),
  native('api pools.targets.host', 'resolved when the configuration is loaded, and again with `resolveEveryMs`'),
  native('api pools.targets.port', '`server`'),
  native('api pools.targets.weight', '`server … weight`, 1–256'),
  native('api pools.healthCheck.path', '`option httpchk`, 200–399 is healthy'),
  native('api pools.healthCheck.intervalMs', '`inter`'),
  native('api pools.healthCheck.unhealthyAfter', '`fall`'),
  native('api pools.healthCheck.healthyAfter', '`rise`'),
  native('api pools.passiveHealthCheck.failures', '`observe layer7`, `error-limit`'),
  native(
    'api pools.passiveHealthCheck.ejectForMs',
    '`on-error mark-down`, back after a connection at half and one at all of that time; beside a health check only a time that fits it',
  ),
  native('api pools.slowStartMs', '`slowstart`'),
  native('api pools.resolveEveryMs', '`resolvers` with the name servers of the machine; DNS names with a dot alone'),
  native(
    'api pools.maxConnections',
    '`maxconn` of each server; who is beyond it waits for `timeouts.connectMs`, then 503',
  ),
  native('api pools.protocol', '`proto h2` for `http2` and `grpc`, with ALPN over TLS'),
  native('api pools.tls.verify', '`verify`'),
  native('api pools.tls.serverName', '`sni` and `verifyhost`'),
  native('api pools.tls.ca', '`ca-file` in place of the system’s'),
  native('api pools.tls.clientCertificate', '`crt`, from the secret'),
];

export function checkPools(api: ApiUnit, on: Checker): void {
  const { pools } = api;
  on.require(
    pools.some((pool) => pool.weight > 0),
    'pools',
    'need a weight above 0 in at least one pool',
  );
  on.require(new Set(pools.map((pool) => pool.name)).size === pools.length, 'pools', 'need different names');
  pools.forEach((pool, index) => checkPool(api, pool, `pools[${index}]`, on));
}

function checkPool(api: ApiUnit, pool: Pool, at: string, on: Checker): void {
  on.name(pool.name, `${at}.name`);
  const weight = Number.isInteger(pool.weight) && pool.weight >= 0 && pool.weight <= 100;
  on.require(weight, `${at}.weight`, 'must be from 0 to 100');
  on.require(pool.targets.length > 0, `${at}.targets`, 'must not be empty');
  pool.targets.forEach((target, number) => {
    const host = `${at}.targets[${number}].host`;
    on.require(isTargetHost(target.host), host, 'must be a DNS name or an IP address');
    on.require(
      pool.resolveEveryMs === undefined || !isNamed(target) || target.host.includes('.'),
      host,
      'is asked for in the DNS as it stands: with `resolveEveryMs` it has to be a whole name with a dot',
    );
    on.count(target.port, `${at}.targets[${number}].port`, 65535);
    on.count(target.weight, `${at}.targets[${number}].weight`, 256);
  });
  if (pool.slowStartMs !== undefined) on.time(pool.slowStartMs, `${at}.slowStartMs`);
  if (pool.resolveEveryMs !== undefined) on.time(pool.resolveEveryMs, `${at}.resolveEveryMs`);
  if (pool.maxConnections !== undefined) on.count(pool.maxConnections, `${at}.maxConnections`);
  const { serverName, ca } = pool.tls ?? {};
  on.require(
    serverName === undefined || fits('host', serverName),
    `${at}.tls.serverName`,
    'must be a lower-case DNS name',
  );
  ca?.forEach((pem, number) =>
    on.require(isCertificate(pem), `${at}.tls.ca[${number}]`, 'must be a certificate as PEM'),
  );
  if (pool.passiveHealthCheck !== undefined) {
    on.count(pool.passiveHealthCheck.failures, `${at}.passiveHealthCheck.failures`);
    on.time(pool.passiveHealthCheck.ejectForMs, `${at}.passiveHealthCheck.ejectForMs`);
  }
  if (pool.healthCheck !== null) {
    on.require(fits('path', pool.healthCheck.path), `${at}.healthCheck.path`, 'must be a plain URL path');
    on.time(pool.healthCheck.intervalMs, `${at}.healthCheck.intervalMs`);
    on.count(pool.healthCheck.unhealthyAfter, `${at}.healthCheck.unhealthyAfter`, 1000);
    on.count(pool.healthCheck.healthyAfter, `${at}.healthCheck.healthyAfter`, 1000);
  }
  judgementOf(api, pool, at, on);
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
  /** Whether `add server` would not take these settings: then only a file can say them. */
  readonly fixed: boolean;
}

/** What HAProxy has to do when it starts: it checks every target that has a check, whenever the next one is due. */
export interface CheckRhythm {
  readonly checks: number;
  /** Whether some are due only after a failure; HAProxy would spread the first checks of all over such a time. */
  readonly onFailure: boolean;
}

/** Backends of an API's pools, and what they need beside themselves. */
export interface PoolParts {
  readonly backends: readonly PoolBackend[];
  readonly shared: readonly SharedLines[];
  readonly files: readonly SharedFile[];
  readonly rhythm: CheckRhythm;
}

/** @throws InvalidInputError for a client certificate that is missing or of no use */
export function poolParts(api: ApiUnit, provided: Provided): PoolParts {
  const made = api.pools.map((pool) => ({ pool, files: poolFiles(api.name, pool, provided) }));
  return {
    backends: made.map(({ pool, files }) => poolBackend(api, pool, files)),
    shared: api.pools.flatMap((pool) => resolversOf(pool)?.shared ?? []),
    files: made.flatMap(({ files }) => [files.ca, files.client].filter((file) => file !== null)),
    rhythm: rhythmOf(api),
  };
}

function rhythmOf(api: ApiUnit): CheckRhythm {
  const judged = api.pools.filter((pool) => pool.healthCheck === null && judgementOf(api, pool) !== null);
  const checked = [...judged, ...api.pools.filter(({ healthCheck }) => healthCheck !== null)];
  return { checks: checked.reduce((sum, { targets }) => sum + targets.length, 0), onFailure: judged.length > 0 };
}

function poolBackend(api: ApiUnit, pool: Pool, files: PoolFiles): PoolBackend {
  const name = backendName(safe('name', api.name), safe('name', pool.name));
  const judgement = judgementOf(api, pool);
  return {
    name,
    pool: pool.name,
    lines: [
      // A refused connection is tried elsewhere at once, but on the same target only after a second.
      ...(retriesSet(api) ? [] : [`    retries ${pool.targets.length > 1 ? 3 : 1}`]),
      ...probeLines(pool),
    ],
    servers: pool.targets.map((target, index) => ({
      backend: name,
      server: `t${index}`,
      label: `${api.name}/${pool.name}/${index}`,
      host: target.host,
      port: target.port,
      weight: target.weight,
      settings: serverWords(api, pool, index, files, judgement).join(' '),
      fixed: cookieOf(api) !== undefined,
    })),
  };
}

const retriesSet = ({ policy }: ApiUnit) =>
  [policy, ...Object.values(policy.operations ?? {})].some(({ retries }) => retries !== undefined);

const cookieOf = ({ policy }: ApiUnit) => policy.loadBalancing?.sticky?.cookie;

export const serverLine = ({ server, host, port, settings }: PoolServer): string =>
  `    server ${server} ${serverAddress(host, port)} init-addr libc,none ${settings}`;

function serverWords(api: ApiUnit, pool: Pool, index: number, files: PoolFiles, judgement: Judgement | null): string[] {
  const target = pool.targets[index]!;
  const checked = pool.healthCheck !== null || judgement !== null;
  const { maxConnections, slowStartMs } = pool;
  const resolvers = isNamed(target) ? resolversOf(pool) : null;
  return [
    `weight ${target.weight}`,
    ...(resolvers === null ? [] : [`resolvers ${resolvers.name} resolve-prefer ipv4`]),
    ...tlsWords(pool, target, files, checked),
    ...(pool.protocol === 'http2' || pool.protocol === 'grpc' ? ['proto h2'] : []),
    ...(maxConnections === undefined ? [] : [`maxconn ${maxConnections}`]),
    ...(slowStartMs === undefined ? [] : [`slowstart ${slowStartMs}`]),
    // Its place and not its address, which is nobody's business.
    ...(cookieOf(api) === undefined ? [] : [`cookie t${index}`]),
    ...checkWords(pool.healthCheck, judgement),
  ];
}
