import { changePlanSchema, type CommitView, type PlanView, type PlanViews } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import { ArtifactStore } from '@gitway/messaging';
import { differingUnits, planChanges, planDigest } from '@gitway/plan';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { CatalogueReader } from '../adapters/catalogue-reader.ts';
import { CommitStore } from '../adapters/commit-store.ts';
import { PlanUsageReader } from '../adapters/plan-usage.ts';
import { StateReader } from '../adapters/state-reader.ts';
import { apisIn } from './plan-commit.ts';

const MAX_PLANS = 20;

/** What a commit changes: as it was planned when it was judged, or against what is live now. */
@Injectable()
export class ReadPlans {
  constructor(
    private readonly store: CommitStore,
    private readonly catalogue: CatalogueReader,
    private readonly artifacts: ArtifactStore,
    private readonly states: StateReader,
    private readonly usage: PlanUsageReader,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundError for a commit that was never judged, and for an environment that has no plan of it */
  async ofCommit(commit: string, environment?: string): Promise<PlanViews> {
    const outcomes = (await this.outcomesOf(commit)).filter(
      ({ name }) => environment === undefined || name === environment,
    );
    const planned = outcomes
      .flatMap(({ name, plan }) => (plan === undefined ? [] : [{ name, digest: plan }]))
      .slice(0, MAX_PLANS);
    if (environment !== undefined && planned.length === 0) throw noPlan(commit, environment, outcomes[0]);
    const live = await this.liveIn(planned.map(({ name }) => name));
    const items: PlanView[] = [];
    for (const { name, digest } of planned) {
      const plan = await this.artifacts.getJson('plan', digest, changePlanSchema);
      items.push({ commit, environment: name, digest, current: plan.before === (live.get(name) ?? null), plan });
    }
    return { items };
  }

  /** @throws NotFoundError for a commit that was never judged, or is refused for the environment */
  async againstLive(environment: string, commit: string): Promise<PlanView> {
    const outcome = (await this.outcomesOf(commit)).find(({ name }) => name === environment);
    if (outcome?.snapshot == null) throw noPlan(commit, environment, outcome);
    const digest = (await this.liveIn([environment])).get(environment);
    const before = digest === undefined ? null : { digest, snapshot: await this.states.snapshot(digest) };
    const after = { digest: outcome.snapshot, snapshot: await this.states.snapshot(outcome.snapshot) };
    const [old, now] = await this.states.sides(before, after);
    const context = await this.usage.of(environment, apisIn(differingUnits(before, after)), this.clock.now());
    const plan = planChanges(old, now, { ...context, accepted: await this.acceptedIn(outcome.plan, before?.digest) });
    return { commit, environment, digest: planDigest(plan), current: true, plan };
  }

  /** What was accepted when the commit was judged, as long as that is what is live: another base breaks other things. */
  private async acceptedIn(plan: string | undefined, before: string | undefined): Promise<readonly string[]> {
    if (plan === undefined) return [];
    const judged = await this.artifacts.getJson('plan', plan, changePlanSchema).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    return judged !== undefined && judged.before === (before ?? null) ? (judged.accepted ?? []) : [];
  }

  private async outcomesOf(commit: string): Promise<CommitView['environments']> {
    const row = await this.store.ofCommit(commit);
    if (row === null) throw new NotFoundError('no-such-commit', `No commit ${commit} has been judged.`);
    return row.environments;
  }

  private async liveIn(environments: readonly string[]): Promise<Map<string, string>> {
    const states = await this.catalogue.atOneMoment((queries) => queries.states(environments));
    return new Map(states.filter(({ state }) => state === 'live').map((row) => [row.environment, row.snapshot]));
  }
}

function noPlan(
  commit: string,
  environment: string,
  outcome: CommitView['environments'][number] | undefined,
): NotFoundError {
  const why =
    outcome === undefined
      ? `the commit says nothing of ${environment}`
      : outcome.snapshot === null
        ? `it is refused for ${environment}`
        : `none was made when it was judged`;
  return new NotFoundError('no-plan', `There is no plan of ${commit} for ${environment}: ${why}.`);
}
