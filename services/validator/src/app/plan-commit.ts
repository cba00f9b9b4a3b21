import type { Snapshot, Unit } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import { differingUnits, planChanges, type UnitPair } from '@gitway/plan';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { ArtifactWriter } from '../adapters/artifact-writer.ts';
import { CatalogueReader } from '../adapters/catalogue-reader.ts';
import { PlanUsageReader } from '../adapters/plan-usage.ts';
import { StateReader } from '../adapters/state-reader.ts';

const log = logger('plan-commit');

/** A commit as it compiles for one environment. */
export interface Compiled {
  readonly snapshot: Snapshot;
  readonly digest: string;
  readonly units: ReadonlyMap<string, Unit>;
  readonly accepted?: readonly string[] | undefined;
}

/** What a commit changes in each environment that it compiles for, against what is live there; stored as an artifact. */
@Injectable()
export class PlanCommit {
  /** Units of the commit that was planned last for each environment: mostly those that are live when the next one comes. */
  private readonly planned = new Map<string, ReadonlyMap<string, Unit>>();

  constructor(
    private readonly catalogue: CatalogueReader,
    private readonly states: StateReader,
    private readonly writer: ArtifactWriter,
    private readonly usage: PlanUsageReader,
    private readonly clock: Clock,
  ) {}

  /**
   * A plan informs: where one cannot be made (the store has lost what is live), the commit is judged all the same.
   *
   * @returns digests of the plans by environment
   */
  async run(environments: readonly Compiled[]): Promise<Map<string, string>> {
    const plans = new Map<string, string>();
    if (environments.length === 0) return plans;
    const started = performance.now();
    try {
      const names = environments.map(({ snapshot }) => snapshot.environment);
      const states = await this.catalogue.atOneMoment((queries) => queries.states(names));
      const live = new Map(
        states.filter(({ state }) => state === 'live').map((row) => [row.environment, row.snapshot]),
      );
      for (const each of environments) plans.set(each.snapshot.environment, await this.plan(each, live));
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'no plan');
    }
    log.debug({ planMs: Math.round(performance.now() - started) }, 'planned');
    return plans;
  }

  private async plan(after: Compiled, live: ReadonlyMap<string, string>): Promise<string> {
    const { environment } = after.snapshot;
    const digest = live.get(environment);
    const before = digest === undefined ? null : { digest, snapshot: await this.states.snapshot(digest) };
    const last = this.planned.get(environment);
    const [old, now] = await this.states.sides(before, after, (unit) => after.units.get(unit) ?? last?.get(unit));
    this.planned.set(environment, after.units);
    // Everything that the commit compiled to is at hand, so that the reach is complete.
    const context = await this.usage.of(environment, apisIn(differingUnits(before, after)), this.clock.now());
    const { accepted = [] } = after;
    const plan = planChanges(old, { ...now, units: after.units }, { ...context, accepted });
    return this.writer.putPlan(plan);
  }
}

/** Names of the APIs that differ, on both sides. */
export const apisIn = (pairs: readonly UnitPair[]): string[] => [
  ...new Set(
    pairs.flatMap(({ before, after }) => [before, after]).flatMap((ref) => (ref?.kind === 'api' ? [ref.name] : [])),
  ),
];
