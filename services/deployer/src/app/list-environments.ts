import type { EnvironmentView, GatewayView, Reported } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { BadSnapshotRow, DeploymentRow, EnvironmentRow, GatewayRow } from '../adapters/entities.ts';
import { isCandidate } from '../domain/state.ts';
import { GatewayBook } from './gateway-book.ts';
import { deploymentView } from './list-deployments.ts';

@Injectable()
export class ListEnvironments {
  constructor(
    private readonly dataSource: DataSource,
    private readonly book: GatewayBook,
  ) {}

  /** Every environment with what serves, what comes next, its pin and its gateways as they reported last; by name. Answers while NATS is away. */
  async list(): Promise<EnvironmentView[]> {
    const { manager } = this.dataSource;
    const [environments, gateways, pins, open] = await Promise.all([
      manager.find(EnvironmentRow, { order: { name: 'ASC' } }),
      manager.find(GatewayRow, { order: { name: 'ASC' } }),
      manager.find(BadSnapshotRow, { where: { liftedAt: IsNull() }, order: { seq: 'ASC' } }),
      manager
        .createQueryBuilder(DeploymentRow, 'd')
        .addSelect('d.changes')
        .where(`d.state IN ('waiting', 'awaiting-approval', 'applying', 'live')`)
        .orWhere('d.seq IN (SELECT max(seq) FROM deployments GROUP BY environment)')
        .orderBy('d.seq', 'DESC')
        .getMany(),
    ]);
    return environments.map(({ name }) => {
      const own = open.filter((row) => row.environment === name);
      const live = own.find(({ phase }) => phase.kind === 'live');
      const next = own.find((row) => isCandidate(row) || row.phase.kind === 'applying');
      const pin = pins.findLast(({ environment }) => environment === name);
      const settings = (live ?? next ?? own[0])?.settings;
      return {
        name,
        promoteFrom: settings?.promoteFrom ?? null,
        live:
          live === undefined || live.ranSince === null
            ? null
            : {
                deployment: live.id,
                commit: live.commit,
                snapshot: live.snapshot,
                since: live.ranSince.toISOString(),
              },
        next: next === undefined ? null : deploymentView(next),
        pin:
          pin === undefined
            ? null
            : { bad: pin.snapshot, badCommit: pin.commit, since: pin.since.toISOString(), reason: pin.reason },
        gateways: (settings?.gateways ?? []).map((gateway) =>
          gatewayView(
            gateway,
            gateways.find((row) => row.environment === name && row.name === gateway),
            this.book.reportOf(name, gateway),
          ),
        ),
      };
    });
  }
}

function gatewayView(name: string, target: GatewayRow | undefined, reported: Reported | undefined): GatewayView {
  const problems = [...(reported?.problems ?? []), ...(reported?.warnings ?? [])];
  if (target?.drift?.nextHealAt != null) {
    const until = new Date(target.drift.nextHealAt).toISOString();
    problems.push({ unit: null, message: `another writer keeps changing it: the next heal waits until ${until}` });
  }
  return {
    name,
    inSync:
      target !== undefined &&
      reported !== undefined &&
      reported.generation === target.generation &&
      reported.running === target.snapshot &&
      reported.problems.length === 0 &&
      reported.drift.length === 0,
    desired: target?.snapshot ?? null,
    running: reported?.running ?? null,
    generation: target?.generation ?? 0,
    problems,
    drift: reported?.drift ?? [],
    listeners: reported?.listeners ?? {},
    proxy: reported === undefined ? '' : [reported.proxy.name, reported.proxy.version].filter(Boolean).join(' '),
    reportedAt: reported?.reportedAt ?? null,
  };
}
