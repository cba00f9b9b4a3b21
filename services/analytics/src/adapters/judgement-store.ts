import { lockInTransaction } from '@gitway/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Observed } from '../domain/baseline.ts';

/** A deployment under observation. At most one per environment is open. */
export interface OpenJudgement extends Observed {
  readonly deployment: string;
  readonly environment: string;
  readonly commit: string;
  readonly minRequests: number;
  readonly beganAt: Date;
  readonly deadline: Date;
  /** The story of the deployment, which the verdict continues. */
  readonly eventId: string;
  readonly correlationId: string;
  readonly traceparent: string | null;
}

export type ClosedState = 'judged' | 'superseded' | 'rolled-back';

const columns = `deployment, environment, commit, snapshot, baseline, baseline_until AS "baselineUntil", trusted,
  trusted_until AS "trustedUntil", min_requests AS "minRequests", began_at AS "beganAt",
  deadline, event_id AS "eventId", correlation_id AS "correlationId", traceparent`;

@Injectable()
export class JudgementStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One at a time per environment: the writers of its traffic, and whoever opens or closes a judgement. */
  lock(manager: EntityManager, environment: string): Promise<void> {
    return lockInTransaction(manager, 'traffic', environment);
  }

  /** Ends what was observed in the environment, without a verdict, and observes this deployment instead. */
  async open(manager: EntityManager, judgement: OpenJudgement, at: Date): Promise<void> {
    await this.closeAll(manager, judgement.environment, 'superseded', at);
    await manager.query(
      `INSERT INTO judgement (deployment, environment, commit, snapshot, baseline, min_requests, began_at, deadline,
                              state, event_id, correlation_id, traceparent, baseline_until, trusted, trusted_until)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11, $12, $13, $14) ON CONFLICT (deployment) DO NOTHING`,
      [
        judgement.deployment,
        judgement.environment,
        judgement.commit,
        judgement.snapshot,
        judgement.baseline,
        judgement.minRequests,
        judgement.beganAt,
        judgement.deadline,
        judgement.eventId,
        judgement.correlationId,
        judgement.traceparent,
        judgement.baselineUntil,
        judgement.trusted,
        judgement.trustedUntil,
      ],
    );
  }

  async closeAll(manager: EntityManager, environment: string, state: ClosedState, at: Date): Promise<void> {
    await manager.query(`UPDATE judgement SET state = $2, closed_at = $3 WHERE environment = $1 AND state = 'open'`, [
      environment,
      state,
      at,
    ]);
  }

  /** False when it was closed before: then nobody may state a verdict any more. */
  async closeWith(manager: EntityManager, deployment: string, outcome: string, at: Date): Promise<boolean> {
    const [, updated]: [unknown, number] = await manager.query(
      `UPDATE judgement SET state = 'judged', outcome = $2, closed_at = $3 WHERE deployment = $1 AND state = 'open'`,
      [deployment, outcome, at],
    );
    return updated === 1;
  }

  async openIn(manager: EntityManager, environment: string): Promise<OpenJudgement | null> {
    const rows: OpenJudgement[] = await manager.query(
      `SELECT ${columns} FROM judgement WHERE environment = $1 AND state = 'open'`,
      [environment],
    );
    return rows[0] ?? null;
  }

  async environmentsDue(at: Date): Promise<string[]> {
    const rows: { environment: string }[] = await this.dataSource.query(
      `SELECT environment FROM judgement WHERE state = 'open' AND deadline <= $1 ORDER BY deadline LIMIT 1000`,
      [at],
    );
    return rows.map((row) => row.environment);
  }

  async prune(before: Date): Promise<void> {
    await this.dataSource.query(`DELETE FROM judgement WHERE state <> 'open' AND closed_at < $1`, [before]);
  }
}
