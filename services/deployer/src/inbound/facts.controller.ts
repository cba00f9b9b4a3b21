import {
  approvalGranted,
  commitValidated,
  type DataOf,
  deployRequested,
  driftObserved,
  type EventEnvelope,
  rollbackRequested,
  trafficJudged,
} from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { AcceptCommit } from '../app/accept-commit.ts';
import { DecideEnvironment } from '../app/decide-environment.ts';
import { deployIdOf } from '../domain/candidates.ts';
import { rollbackIdOf } from '../domain/rollback.ts';

type Event<Definition> = EventEnvelope<DataOf<Definition>>;

/** Facts that the deployer decides on. */
@Controller()
export class FactsController {
  constructor(
    private readonly commits: AcceptCommit,
    private readonly decisions: DecideEnvironment,
  ) {}

  @OnFact(commitValidated)
  onCommitValidated(event: EventEnvelope<DataOf<typeof commitValidated>>): Promise<Commit> {
    return this.commits.accept(event);
  }

  @OnFact(trafficJudged)
  onTrafficJudged({ data }: Event<typeof trafficJudged>): Promise<Commit> {
    const { environment, deployment, outcome, baseline, evidence } = data;
    const detail = evidence
      .map(({ message }) => message)
      .join('; ')
      .slice(0, 1000);
    return this.decisions.prepare({
      environment,
      input: {
        kind: 'verdict',
        deployment,
        outcome,
        baseline,
        detail: detail === '' ? 'its traffic got worse' : detail,
      },
      named: { ids: [deployment] },
    });
  }

  @OnFact(driftObserved)
  onDriftObserved({ data }: Event<typeof driftObserved>): Promise<Commit> {
    const { environment, gateway, generation, snapshot, fields, observedAt } = data;
    return this.decisions.prepare({
      environment,
      input: { kind: 'drift-observed', gateway, generation, snapshot, fields, observedAt: Date.parse(observedAt) },
    });
  }

  @OnFact(deployRequested)
  onDeployRequested({ id, data }: Event<typeof deployRequested>): Promise<Commit> {
    const { environment, commit, actor, reason } = data;
    return this.decisions.prepare({
      environment,
      input: { kind: 'deploy', request: id, commit, actor, reason },
      named: { ids: [deployIdOf(environment, id)], commit },
    });
  }

  @OnFact(rollbackRequested)
  onRollbackRequested({ id, data }: Event<typeof rollbackRequested>): Promise<Commit> {
    const { environment, commit, actor, reason } = data;
    return this.decisions.prepare({
      environment,
      input: { kind: 'rollback', request: id, commit, actor, reason },
      named: { ids: [rollbackIdOf(environment, id)], commit },
    });
  }

  @OnFact(approvalGranted)
  onApprovalGranted({ id, data }: Event<typeof approvalGranted>): Promise<Commit> {
    const { environment, deployment, actor, reason } = data;
    return this.decisions.prepare({
      environment,
      input: { kind: 'approval', request: id, deployment, actor },
      named: { ids: [deployment] },
      approvalReason: reason,
    });
  }
}
