import type { ApiUnit, Reach, Snapshot, Unit } from '@gitway/contracts';
import type { Touches } from './told.ts';
import { isOpen } from './words/auth.ts';

/** One side of a plan. */
export interface PlannedState {
  /** Digest of the snapshot. */
  readonly digest: string;
  readonly snapshot: Snapshot;
  /**
   * Units by digest: at least those in which the two sides differ. The reach is told as far as the others are there too
   * (consumers, and where plans differ the APIs); what is not there is not guessed.
   */
  readonly units: ReadonlyMap<string, Unit>;
}

/** Use within the last `usageDays`. */
export interface Usage {
  readonly calls: number;
  /** Names of the consumers that called. */
  readonly consumers: readonly string[];
}

/** @returns undefined where nothing is known; no calls where it is known that there were none */
export type UsageOf = (api: string, operation?: string) => Usage | undefined;

/** Who may call what, on both sides of a plan. Looked up when it is asked for, and then kept. */
export class World {
  private readonly apis = new Map<string, ApiUnit[]>();
  private readonly formerNames = new Map<string, string>();
  private readonly gateways = new Set<string>();
  /** Plan → names of those who hold it; null where not all consumers are at hand. */
  private readonly holders: Map<string, Set<string>> | null;
  private readonly everyConsumer = new Set<string>();
  private readonly hasAllApis: boolean;

  constructor(
    sides: readonly PlannedState[],
    private readonly usage: UsageOf | undefined,
    private readonly usageDays: number,
  ) {
    const digests = new Set<string>();
    const holders = new Map<string, Set<string>>();
    const missing = new Set<string>();
    const units = (digest: string) => sides.map((side) => side.units.get(digest)).find((unit) => unit !== undefined);
    for (const { snapshot } of sides) {
      for (const { kind, digest } of snapshot.units) {
        if (digests.has(digest)) continue;
        digests.add(digest);
        const unit = units(digest);
        if (unit === undefined) missing.add(kind);
        else if (unit.kind === 'api') this.apis.set(unit.name, [...(this.apis.get(unit.name) ?? []), unit]);
        else if (unit.kind === 'environment') for (const name of unit.gateways) this.gateways.add(name);
        else if (unit.kind === 'consumers') {
          for (const { name, plans, suspended } of unit.consumers) {
            if (suspended) continue;
            this.everyConsumer.add(name);
            for (const plan of plans) holders.set(plan, (holders.get(plan) ?? new Set()).add(name));
          }
        }
      }
    }
    this.hasAllApis = !missing.has('api');
    this.holders = missing.has('consumers') ? null : holders;
  }

  /** An API that was called otherwise: what was used under that name was this one. */
  rename(from: string, to: string): void {
    this.formerNames.set(to, from);
  }

  /** What a plan opens, and to whom. Null where not all APIs are at hand. */
  apisOfPlan(plan: string): string[] | null {
    if (!this.hasAllApis) return null;
    return [...this.apis].filter(([, units]) => units.some(({ plans }) => plans.includes(plan))).map(([name]) => name);
  }

  holdersOf(plan: string): string[] {
    return [...(this.holders?.get(plan) ?? [])];
  }

  /** @param callers whether callers notice it: of anything else neither consumers nor calls are counted */
  reachOf(touched: readonly Touches[], callers: boolean): Reach {
    const apis = new Set(touched.flatMap((touches) => touches.apis));
    const gateways = new Set(touched.flatMap((touches) => touches.gateways ?? [...this.gateways]));
    const operations = this.operationsOf(touched);
    const base = { apis: apis.size, operations: operations.count, gateways: gateways.size };
    if (!callers) return { ...base, consumers: 0, anybody: false, traffic: null };
    const consumers = new Set<string>();
    const plans = new Set<string>();
    let [anybody, anyConsumer, isKnown] = [false, false, true];
    for (const { apis: names, consumers: named } of touched) {
      if (named !== undefined) {
        for (const name of named) consumers.add(name);
        continue;
      }
      for (const unit of names.flatMap((name) => this.unitsOf(name))) {
        if (isOpen(unit.policy.auth)) anybody = true;
        else if (unit.plans.length === 0) anyConsumer = true;
        for (const plan of unit.plans) plans.add(plan);
      }
      if (names.length > 0 && this.holders === null) isKnown = false;
    }
    for (const plan of plans) for (const name of this.holders?.get(plan) ?? []) consumers.add(name);
    if (anyConsumer) for (const name of this.everyConsumer) consumers.add(name);
    return {
      ...base,
      consumers: isKnown ? consumers.size : null,
      anybody,
      traffic: this.trafficOf(touched, operations.ids),
    };
  }

  private unitsOf(api: string): ApiUnit[] {
    const former = this.formerNames.get(api);
    return [...(this.apis.get(api) ?? []), ...(former === undefined ? [] : (this.apis.get(former) ?? []))];
  }

  private operationsOf(touched: readonly Touches[]): { count: number; ids: Map<string, Set<string> | null> } {
    const ids = new Map<string, Set<string> | null>();
    for (const { apis, operations } of touched) {
      for (const api of apis) {
        const known = ids.get(api);
        if (operations === undefined || known === null) ids.set(api, null);
        else ids.set(api, new Set([...(known ?? []), ...operations]));
      }
    }
    let count = 0;
    for (const [api, some] of ids)
      count += some === null ? Math.max(0, ...this.unitsOf(api).map((unit) => unit.operations.length)) : some.size;
    return { count, ids };
  }

  private trafficOf(touched: readonly Touches[], ids: ReadonlyMap<string, Set<string> | null>): Reach['traffic'] {
    if (this.usage === undefined || ids.size === 0) return null;
    // What concerns consumers by name is not weighed by what everybody else calls.
    if (touched.some(({ consumers }) => consumers !== undefined)) return null;
    let calls = 0;
    const consumers = new Set<string>();
    for (const [api, some] of ids) {
      const name = this.formerNames.get(api) ?? api;
      const found = some === null ? [this.usage(name)] : [...some].map((operation) => this.usage!(name, operation));
      for (const each of found) {
        if (each === undefined) return null;
        calls += each.calls;
        for (const consumer of each.consumers) consumers.add(consumer);
      }
    }
    return { days: this.usageDays, calls, consumers: consumers.size };
  }
}
