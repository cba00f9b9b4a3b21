import type { ApiUnit, GatewayUnit, PlanUnit } from '@gitway/contracts';
import type { DriverProblem, SnapshotUnit } from '../driver.ts';
import { unsupportedFields } from '../unsupported.ts';
import { capabilities } from './capabilities.ts';
import { Checker } from './checker.ts';
import { checkConsumers, sharedCredentials } from './policies/auth/check-consumers.ts';
import { checkListeners } from './listeners.ts';
import { differentAuthorities, unaskedCertificates } from './policies/auth/mtls.ts';
import { policies } from './policies/index.ts';
import { checkLimits } from './policies/limits/index.ts';
import { checkMatch, hostsOf, isRouteHost, matchKey } from './routes.ts';
import { checkPools } from './pools/index.ts';
import { fits } from './syntax.ts';

export function check(units: readonly SnapshotUnit[], gateway: string): DriverProblem[] {
  const all = units.map(({ unit }) => unit);
  const apis = all.filter((unit) => unit.kind === 'api');
  const plans = new Map(all.filter((unit) => unit.kind === 'plan').map((unit) => [unit.name, unit] as const));
  const gateways = all.filter((unit) => unit.kind === 'gateway');
  const own = gateways.find((unit) => unit.name === gateway);
  return [
    ...(own === undefined
      ? [{ unit: null, field: null, message: `the snapshot does not declare the gateway "${gateway}"` }]
      : []),
    ...apis.flatMap((api) => knownOf(api, plans)),
    ...all.filter((unit) => unit.kind === 'plan').flatMap(checkPlan),
    ...all.filter((unit) => unit.kind === 'consumers').flatMap(checkConsumers),
    ...(own === undefined ? [] : checkGateway(own, apis)),
    ...unsupportedFields(units, gateway, capabilities),
    ...sharedRoutes(apis),
    ...differentAuthorities(apis),
    ...(own === undefined ? [] : unaskedCertificates(apis, own)),
    ...sharedCredentials(all.filter((unit) => unit.kind === 'consumers')),
  ];
}

type Plans = ReadonlyMap<string, PlanUnit>;
interface Known {
  readonly plans: readonly (PlanUnit | undefined)[];
  readonly problems: readonly DriverProblem[];
}
const known = new WeakMap<ApiUnit, Known>();

/** Units are never changed: what was said of one is said again as long as its plans are the same. */
function knownOf(api: ApiUnit, plans: Plans): readonly DriverProblem[] {
  const there = api.plans.map((plan) => plans.get(plan));
  const kept = known.get(api);
  if (kept?.plans.every((plan, index) => plan === there[index]) === true) return kept.problems;
  const problems = checkApi(api, plans);
  known.set(api, { plans: there, problems });
  return problems;
}

function checkApi(api: ApiUnit, plans: Plans): DriverProblem[] {
  const on = new Checker(`api ${api.name}`);
  on.name(api.name, 'name');
  api.route.hosts.forEach((host, index) =>
    on.require(isRouteHost(host), `route.hosts[${index}]`, 'must be a lower-case DNS name, or `*.` before one'),
  );
  on.require(
    fits('basePath', api.route.basePath) && api.route.basePath.length <= 1024,
    'route.basePath',
    'must be `/`, or segments of letters, digits, `.`, `_`, `~` and `-` without a final `/`',
  );
  api.plans.forEach((plan, index) =>
    on.require(plans.has(plan) && fits('name', plan), `plans[${index}]`, `there is no plan "${plan}"`),
  );
  checkMatch(api, on);
  checkPools(api, on);
  for (const policy of policies) policy.check?.(api, on, plans);
  return on.problems;
}

function checkPlan(plan: PlanUnit): DriverProblem[] {
  const on = new Checker(`plan ${plan.name}`);
  on.name(plan.name, 'name');
  checkLimits(plan.rateLimits, plan.quotas ?? [], '', on);
  return on.problems;
}

function checkGateway(unit: GatewayUnit, apis: readonly ApiUnit[]): DriverProblem[] {
  const on = new Checker(`gateway ${unit.name}`);
  on.require(unit.driver === 'haproxy', 'driver', `is "${unit.driver}", and this gateway is HAProxy`);
  checkListeners(unit, apis, on);
  return on.problems;
}

function sharedRoutes(apis: readonly ApiUnit[]): DriverProblem[] {
  const claimed = new Map<string, ApiUnit[]>();
  const meet = ({ route: { listeners: a } }: ApiUnit, { route: { listeners: b } }: ApiUnit) =>
    a === undefined || b === undefined || a.some((listener) => b.includes(listener));
  return apis.flatMap((api) =>
    hostsOf(api).flatMap((host) => {
      const route = host + api.route.basePath;
      const place = route + matchKey(api);
      const others = claimed.get(place) ?? [];
      claimed.set(place, [...others, api]);
      const other = others.find((candidate) => meet(candidate, api));
      if (other === undefined) return [];
      const message = `route: ${route} is claimed by api ${other.name} as well; give one of them another host or base path`;
      return [{ unit: `api ${api.name}`, field: 'route', message }];
    }),
  );
}
