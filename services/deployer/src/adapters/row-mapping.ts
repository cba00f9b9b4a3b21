import type { Deployment, GatewayState, Pin } from '../domain/state.ts';
import type { BadSnapshotRow, DeploymentRow, GatewayRow } from './entities.ts';

const dateOf = (ms: number | null) => (ms === null ? null : new Date(ms));
const msOf = (date: Date | null) => date?.getTime() ?? null;

export function deploymentOf(row: DeploymentRow, approvals: string[]): Deployment {
  return {
    id: row.id,
    source: row.source,
    ref: row.ref,
    commit: row.commit,
    snapshot: row.snapshot,
    cause: row.cause,
    order: row.orderedAt.getTime(),
    createdAt: row.createdAt.getTime(),
    settings: row.settings,
    skipsGates: row.skipsGates,
    attempt: row.attempt,
    rollback: row.rollback,
    times: row.times,
    phase: row.phase,
    detail: row.detail,
    approvals,
    previous: row.previous,
    ran: row.ranSince === null ? null : { since: row.ranSince.getTime(), until: msOf(row.ranUntil) },
    contentOf: row.contentOf,
    verdict: row.verdict,
    bad: row.bad,
  };
}

/** The columns that the decision knows; who wrote the commit and in which story stand beside them. */
export function deploymentColumns(environment: string, deployment: Deployment) {
  const { order, createdAt, ran, approvals: _approvals, ...rest } = deployment;
  return {
    ...rest,
    environment,
    orderedAt: new Date(order),
    createdAt: new Date(createdAt),
    promoteFrom: deployment.settings.promoteFrom,
    state: deployment.phase.kind,
    ranSince: dateOf(ran?.since ?? null),
    ranUntil: dateOf(ran?.until ?? null),
  };
}

export function gatewayOf(row: GatewayRow): GatewayState {
  return {
    generation: row.generation,
    snapshot: row.snapshot,
    deployment: row.deployment,
    drift: row.drift,
    heals: row.heals,
    lastHealAt: msOf(row.lastHealAt),
    backOffLevel: row.backOffLevel,
    clearAt: msOf(row.clearAt),
  };
}

export function gatewayColumns(environment: string, name: string, gateway: GatewayState) {
  return { ...gateway, environment, name, lastHealAt: dateOf(gateway.lastHealAt), clearAt: dateOf(gateway.clearAt) };
}

/** The rows that pin an environment, oldest first. */
export function pinOf(rows: readonly BadSnapshotRow[]): Pin | null {
  const last = rows.at(-1);
  if (last === undefined) return null;
  return {
    bads: rows.map(({ commit, snapshot }) => ({ commit, snapshot })),
    order: Math.max(...rows.map(({ orderedAt }) => orderedAt.getTime())),
    since: last.since.getTime(),
    reason: last.reason,
  };
}
