import type { ApiEntry, ApiUnit, PlanEntry, PlanUnit, Unit } from '@gitway/contracts';
import { describeAuth } from '@gitway/plan';
import { compare } from '../findings.ts';
import { describeOpening, describeRateLimits, describeTimeouts } from './describe-policy.ts';

/** What an environment offers, as its catalogue lists it: APIs and plans, by name. */
export interface Inventory {
  readonly apis: readonly ApiEntry[];
  readonly plans: readonly PlanEntry[];
}

/** @param units those of a snapshot by their digest */
export function inventoryOf(units: Iterable<readonly [string, Unit]>): Inventory {
  const apis: ApiEntry[] = [];
  const plans: PlanEntry[] = [];
  for (const [digest, unit] of units) {
    if (unit.kind === 'api') apis.push(apiEntryOf(unit, digest));
    else if (unit.kind === 'plan') plans.push(planEntryOf(unit));
  }
  return { apis: apis.sort(byName), plans: plans.sort(byName) };
}

/** Made of nothing but the unit, so that equal units have equal entries wherever they run. */
export function apiEntryOf(unit: ApiUnit, digest: string): ApiEntry {
  const opens = describeOpening(unit);
  const { auth, rateLimits, timeouts, ...others } = unit.policy;
  return {
    name: unit.name,
    title: cut(unit.openapi.title, 300),
    version: cut(unit.openapi.version, 100),
    lifecycle: unit.lifecycle,
    visibility: unit.visibility,
    owner: unit.owner === null ? null : cut(unit.owner, 300),
    labels: unit.labels,
    exposure: unit.route,
    policy: {
      auth: describeAuth(auth),
      rateLimit: describeRateLimits(rateLimits),
      timeouts: describeTimeouts(timeouts),
      also: Object.keys(others).sort(compare),
    },
    plans: unit.plans,
    pools: unit.pools.map(({ name, weight, targets, healthCheck }) => ({
      name,
      weight,
      targets: targets.length,
      healthChecked: healthCheck !== null,
    })),
    operations: unit.operations.map(({ id, method, path }) => ({
      id,
      method,
      path: cut(path, 2_000),
      opens: unit.planOperations === undefined ? opens : describeOpening(unit, id),
    })),
    documentation: unit.openapi.digest,
    unit: digest,
  };
}

export const planEntryOf = ({ name, rateLimits }: PlanUnit): PlanEntry => ({
  name,
  rateLimit: describeRateLimits(rateLimits),
});

/** What no person would read to its end, and no list should carry. */
const cut = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);
const byName = (a: { name: string }, b: { name: string }) => compare(a.name, b.name);
