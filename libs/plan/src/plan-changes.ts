import {
  type ApiUnit,
  callerSeverities,
  type CallerSeverity,
  type ChangePlan,
  type ConsumersUnit,
  type Unit,
  type UnitRef,
} from '@gitway/contracts';
import { compare } from './diff/json.ts';
import { groupChanges, MAX_CHANGES, type TakesOf } from './group.ts';
import { type PlannedState, type UsageOf, World } from './reach.ts';
import type { Told } from './told.ts';
import { isRenamed, tellApi, tellApiChanges, tellRename } from './units/apis.ts';
import { tellConsumers } from './units/consumers.ts';
import { tellUnit } from './units/others.ts';
import { cut } from './words/show-value.ts';

const MAX_ACCEPTED = 20;

export interface PlanContext {
  /** Without it the plan says that use is not known. */
  readonly usage?: UsageOf | undefined;
  /** How many days `usage` looks back. */
  readonly usageDays?: number;
  /** Without it the plan does not say how gateways take a change. */
  readonly takes?: TakesOf;
  /** Changes that break callers and were accepted, a sentence each. */
  readonly accepted?: readonly string[];
}

/** A unit that the two sides have in different versions, or only one of them has. */
export interface UnitPair {
  readonly before: UnitRef | undefined;
  readonly after: UnitRef | undefined;
}

type Side = Pick<PlannedState, 'snapshot'>;

/** What must be at hand for a plan: the units that differ. */
export function differingUnits(before: Side | null, after: Side): UnitPair[] {
  const keyOf = ({ kind, name }: UnitRef) => `${kind}/${name}`;
  const old = new Map((before?.snapshot.units ?? []).map((ref) => [keyOf(ref), ref]));
  const pairs: UnitPair[] = [];
  for (const ref of after.snapshot.units) {
    const known = old.get(keyOf(ref));
    old.delete(keyOf(ref));
    if (known?.digest !== ref.digest) pairs.push({ before: known, after: ref });
  }
  for (const ref of old.values()) pairs.push({ before: ref, after: undefined });
  return pairs.sort((a, b) => compare(keyOf((a.after ?? a.before)!), keyOf((b.after ?? b.before)!)));
}

/**
 * What bringing an environment from one snapshot to another changes. Equal inputs give an equal plan; it is empty if
 * and only if the snapshots are equal.
 *
 * @param before null: nothing is there
 * @throws Error where a unit that differs is not at hand
 */
export function planChanges(before: PlannedState | null, after: PlannedState, context: PlanContext = {}): ChangePlan {
  const pairs = differingUnits(before, after);
  const { accepted = [] } = context;
  const world = new World(before === null ? [after] : [before, after], context.usage, context.usageDays ?? 7);
  const unitOf = (side: PlannedState | null, ref: UnitRef | undefined): Unit | undefined => {
    if (ref === undefined) return undefined;
    const unit = side?.units.get(ref.digest);
    if (unit === undefined) throw new Error(`the unit ${ref.kind} ${ref.name} (${ref.digest}) is not at hand`);
    return unit;
  };
  const changed = pairs.map((pair) => ({ before: unitOf(before, pair.before), after: unitOf(after, pair.after) }));
  const told = tellAll(changed, world);
  const changes = groupChanges(told, world, context.takes ?? (() => null));
  const counts = Object.fromEntries(callerSeverities.map((each) => [each, 0])) as Record<CallerSeverity, number>;
  for (const { severity } of changes) counts[severity] += 1;
  const touches = (callers: boolean) =>
    told.filter(({ notice }) => callers === (notice === 'callers')).map((each) => each.touches);
  const [noticed, all] = [
    world.reachOf(touches(true), true),
    world.reachOf(
      told.map((each) => each.touches),
      false,
    ),
  ];
  return {
    format: 1,
    environment: after.snapshot.environment,
    before: before?.digest ?? null,
    after: after.digest,
    units: {
      added: pairs.filter((pair) => pair.before === undefined).length,
      changed: pairs.filter((pair) => pair.before !== undefined && pair.after !== undefined).length,
      removed: pairs.filter((pair) => pair.after === undefined).length,
    },
    severity: changes[0]?.severity ?? null,
    counts,
    reach: { ...noticed, apis: all.apis, operations: all.operations, gateways: all.gateways },
    changes: changes.slice(0, MAX_CHANGES),
    omitted: Math.max(0, changes.length - MAX_CHANGES),
    ...(accepted.length === 0 ? {} : { accepted: accepted.slice(0, MAX_ACCEPTED).map((each) => cut(each, 1_000)) }),
  };
}

function tellAll(changed: readonly { before: Unit | undefined; after: Unit | undefined }[], world: World): Told[] {
  const told: Told[] = [];
  const [addedApis, removedApis]: [ApiUnit[], ApiUnit[]] = [[], []];
  const shards = { before: [] as ConsumersUnit[], after: [] as ConsumersUnit[] };
  for (const { before, after } of changed) {
    const unit = (after ?? before)!;
    if (unit.kind === 'api') {
      if (before === undefined) addedApis.push(unit);
      else if (after === undefined) removedApis.push(unit);
      else told.push(...tellApiChanges(before as ApiUnit, unit));
    } else if (unit.kind === 'consumers') {
      if (before !== undefined) shards.before.push(before as ConsumersUnit);
      if (after !== undefined) shards.after.push(after as ConsumersUnit);
    } else {
      type Other = Exclude<Unit, ApiUnit | ConsumersUnit>;
      const consumers = unit.kind === 'plan' ? { consumers: world.holdersOf(unit.name) } : {};
      const apis = unit.kind === 'plan' ? (world.apisOfPlan(unit.name) ?? []) : [];
      told.push(...tellUnit(before as Other | undefined, after as Other | undefined, { apis, ...consumers }));
    }
  }
  told.push(...comingAndGoing(addedApis, removedApis, world));
  if (shards.before.length + shards.after.length > 0) told.push(...tellConsumers(shards));
  return told;
}

function comingAndGoing(added: readonly ApiUnit[], removed: readonly ApiUnit[], world: World): Told[] {
  const placeOf = ({ route: { hosts, basePath } }: ApiUnit) => JSON.stringify([hosts, basePath]);
  const gone = new Map(removed.map((unit) => [placeOf(unit), unit]));
  const told: Told[] = [];
  const renamed = new Set<ApiUnit>();
  for (const unit of added) {
    const before = gone.get(placeOf(unit));
    if (before === undefined || !isRenamed(before, unit)) {
      told.push(tellApi(unit, 'added'));
      continue;
    }
    gone.delete(placeOf(unit));
    renamed.add(before);
    world.rename(before.name, unit.name);
    told.push(tellRename(before, unit), ...tellApiChanges(before, unit));
  }
  for (const unit of removed) if (!renamed.has(unit)) told.push(tellApi(unit, 'removed'));
  return told;
}
