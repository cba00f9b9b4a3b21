import type { ApiUnit, ConsumersUnit, GatewayUnit, PlanUnit, RateLimit } from '@gitway/contracts';
import type { DriverProblem, SnapshotUnit } from '../driver.ts';
import { unsupportedFields } from '../unsupported.ts';
import { capabilities } from './capabilities.ts';
import { MAX_COUNT, MAX_TIME_MS } from './names.ts';
import { HOP_HEADERS, ORIGIN_HEADERS, OWN_HEADERS } from './requests.ts';
import { fits, isTargetHost } from './syntax.ts';

/** Collects problems of one unit. */
class Checker {
  readonly problems: DriverProblem[] = [];
  private readonly unit: string;
  constructor(unit: string) {
    this.unit = unit;
  }

  require(holds: boolean, field: string, message: string): void {
    if (!holds) this.problems.push({ unit: this.unit, field, message: `${field}: ${message}` });
  }

  time(value: number, field: string): void {
    this.require(Number.isInteger(value) && value >= 1 && value <= MAX_TIME_MS, field, 'must be from 1 ms to 24 days');
  }

  count(value: number, field: string, most = MAX_COUNT): void {
    this.require(Number.isInteger(value) && value >= 1 && value <= most, field, `must be from 1 to ${most}`);
  }

  name(value: string, field: string): void {
    this.require(fits('name', value), field, 'must be a DNS label');
  }
}

export function check(units: readonly SnapshotUnit[], gateway: string): DriverProblem[] {
  const all = units.map(({ unit }) => unit);
  const apis = all.filter((unit) => unit.kind === 'api');
  const plans = new Set(all.filter((unit) => unit.kind === 'plan').map((unit) => unit.name));
  const gateways = all.filter((unit) => unit.kind === 'gateway');
  const own = gateways.find((unit) => unit.name === gateway);
  return [
    ...(own === undefined
      ? [{ unit: null, field: null, message: `the snapshot does not declare the gateway "${gateway}"` }]
      : []),
    ...apis.flatMap((api) => knownOf(api, plans)),
    ...all.filter((unit) => unit.kind === 'plan').flatMap(checkPlan),
    ...all.filter((unit) => unit.kind === 'consumers').flatMap(checkConsumers),
    ...gateways.filter((unit) => unit === own).flatMap(checkGateway),
    ...unsupportedFields(units, gateway, capabilities),
    ...sharedRoutes(apis),
    ...sharedKeys(all.filter((unit) => unit.kind === 'consumers')),
  ];
}

const known = new WeakMap<ApiUnit, { readonly plans: string; readonly problems: readonly DriverProblem[] }>();

/** Units are never changed: what was said of one is said again as long as there are the same of its plans. */
function knownOf(api: ApiUnit, plans: ReadonlySet<string>): readonly DriverProblem[] {
  const there = api.plans.filter((plan) => plans.has(plan)).join();
  const kept = known.get(api);
  if (kept?.plans === there) return kept.problems;
  const problems = checkApi(api, plans);
  known.set(api, { plans: there, problems });
  return problems;
}

function checkApi(api: ApiUnit, plans: ReadonlySet<string>): DriverProblem[] {
  const on = new Checker(`api ${api.name}`);
  on.name(api.name, 'name');
  api.route.hosts.forEach((host, index) =>
    on.require(
      fits('host', host),
      `route.hosts[${index}]`,
      host.startsWith('*.') ? 'a wildcard is not possible here; name the hosts' : 'must be a lower-case DNS name',
    ),
  );
  on.require(
    fits('basePath', api.route.basePath) && api.route.basePath.length <= 1024,
    'route.basePath',
    'must be `/`, or segments of letters, digits, `.`, `_`, `~` and `-` without a final `/`',
  );
  checkPolicy(api, on);
  on.require(
    api.policy.auth.kind !== 'none' || api.plans.length === 0,
    'plans',
    'need `auth`: without it nobody is known to subscribe',
  );
  api.plans.forEach((plan, index) =>
    on.require(plans.has(plan) && fits('name', plan), `plans[${index}]`, `there is no plan "${plan}"`),
  );
  on.require(
    api.pools.some((pool) => pool.weight > 0),
    'pools',
    'need a weight above 0 in at least one pool',
  );
  on.require(new Set(api.pools.map((pool) => pool.name)).size === api.pools.length, 'pools', 'need different names');
  api.pools.forEach((pool, index) => {
    const at = `pools[${index}]`;
    on.name(pool.name, `${at}.name`);
    on.require(
      Number.isInteger(pool.weight) && pool.weight >= 0 && pool.weight <= 100,
      `${at}.weight`,
      'must be from 0 to 100',
    );
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
  return on.problems;
}

/** Read or dropped by the gateway itself before it looks for a key. */
const reservedHeader = new RegExp(
  `^(host|content-length|transfer-encoding|x-request-id|authorization)$|${HOP_HEADERS}|${OWN_HEADERS}|${ORIGIN_HEADERS}`,
  'i',
);

function checkPolicy(api: ApiUnit, on: Checker): void {
  const { auth, rateLimits, timeouts } = api.policy;
  if (auth.kind === 'apiKey') {
    const usable = fits('header', auth.header) && !reservedHeader.test(auth.header);
    on.require(usable, 'policy.auth.header', 'must be a header of its own: letters, digits, `-` and `_`');
    on.require(
      auth.query === null || fits('query', auth.query),
      'policy.auth.query',
      'must be letters, digits, `-`, `_` and `~`',
    );
  }
  checkLimits(rateLimits, 'policy.rateLimits', on);
  on.time(timeouts.connectMs, 'policy.timeouts.connectMs');
  on.time(timeouts.requestMs, 'policy.timeouts.requestMs');
}

function checkLimits(limits: readonly RateLimit[], field: string, on: Checker): void {
  on.require(limits.length <= 1, field, 'only one can be counted for a call; choose one window');
  limits.forEach(({ requests, windowMs }, index) => {
    on.count(requests, `${field}[${index}].requests`);
    on.time(windowMs, `${field}[${index}].windowMs`);
  });
}

function checkPlan(plan: PlanUnit): DriverProblem[] {
  const on = new Checker(`plan ${plan.name}`);
  on.name(plan.name, 'name');
  checkLimits(plan.rateLimits, 'rateLimits', on);
  return on.problems;
}

function checkConsumers(unit: ConsumersUnit): DriverProblem[] {
  return unit.consumers.flatMap((consumer) => {
    const on = new Checker(`consumer ${consumer.name}`);
    on.name(consumer.name, 'name');
    consumer.keyHashes.forEach((hash, index) =>
      on.require(fits('keyHash', hash), `keyHashes[${index}]`, 'must be 64 lower-case hex digits (SHA-256 of the key)'),
    );
    consumer.plans.forEach((plan, index) => on.name(plan, `plans[${index}]`));
    return on.problems;
  });
}

function checkGateway(unit: GatewayUnit): DriverProblem[] {
  const on = new Checker(`gateway ${unit.name}`);
  on.require(unit.driver === 'haproxy', 'driver', `is "${unit.driver}", and this gateway is HAProxy`);
  unit.listeners.forEach((listener, index) => {
    on.name(listener.name, `listeners[${index}].name`);
    on.count(listener.port, `listeners[${index}].port`, 65535);
  });
  const names = new Set(unit.listeners.map((listener) => listener.name));
  on.require(names.size === unit.listeners.length, 'listeners', 'need different names');
  return on.problems;
}

function sharedRoutes(apis: readonly ApiUnit[]): DriverProblem[] {
  const claimed = new Map<string, string>();
  return apis.flatMap((api) =>
    (api.route.hosts.length === 0 ? ['*'] : [...new Set(api.route.hosts)]).flatMap((host) => {
      const route = host + api.route.basePath;
      const other = claimed.get(route);
      claimed.set(route, api.name);
      if (other === undefined) return [];
      const message = `route: ${route} is claimed by api ${other} as well; give one of them another host or base path`;
      return [{ unit: `api ${api.name}`, field: 'route', message }];
    }),
  );
}

function sharedKeys(shards: readonly ConsumersUnit[]): DriverProblem[] {
  const owners = new Map<string, string>();
  return shards.flatMap((shard) =>
    shard.consumers.flatMap((consumer) =>
      consumer.keyHashes.flatMap((hash) => {
        const other = owners.get(hash);
        owners.set(hash, consumer.name);
        if (other === undefined) return [];
        const message = `keyHashes: a key is listed twice (consumers ${other} and ${consumer.name}); a key belongs to one consumer`;
        return [{ unit: `consumer ${consumer.name}`, field: 'keyHashes', message }];
      }),
    ),
  );
}
