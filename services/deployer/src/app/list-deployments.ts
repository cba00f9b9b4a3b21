import type { DeploymentView } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DeploymentRow } from '../adapters/entities.ts';

export interface DeploymentsQuery {
  readonly environment?: string | undefined;
  readonly limit: number;
}

@Injectable()
export class ListDeployments {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async list({ environment, limit }: DeploymentsQuery): Promise<DeploymentView[]> {
    const query = this.dataSource.manager.createQueryBuilder(DeploymentRow, 'd').addSelect('d.changes');
    if (environment !== undefined) query.where('d.environment = :environment', { environment });
    const rows = await query.orderBy('d.seq', 'DESC').limit(limit).getMany();
    return rows.map((row) => deploymentView(row));
  }

  async one(id: string): Promise<DeploymentView> {
    const row = await this.dataSource.manager
      .createQueryBuilder(DeploymentRow, 'd')
      .addSelect('d.changes')
      .where('d.id = :id', { id })
      .getOne();
    if (row === null) throw new NotFoundError('no-such-deployment', `there is no deployment ${id}`);
    return deploymentView(row);
  }
}

export function deploymentView(row: DeploymentRow): DeploymentView {
  const { phase } = row;
  return {
    deployment: row.id,
    environment: row.environment,
    source: row.source,
    ref: row.ref,
    commit: row.commit,
    snapshot: row.snapshot,
    cause: row.cause,
    state: phase.kind,
    detail: row.detail,
    changes: row.changes,
    author: row.author,
    message: row.message,
    createdAt: row.createdAt.toISOString(),
    endedAt: 'endedAt' in phase ? new Date(phase.endedAt).toISOString() : null,
    verdict: row.verdict,
    times: row.times,
  };
}
