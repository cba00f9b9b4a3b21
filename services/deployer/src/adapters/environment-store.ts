import type { Person } from '@gitway/contracts';
import { currentStory, currentTraceparent } from '@gitway/observability';
import { In, IsNull, type EntityManager } from 'typeorm';
import type { Standing, Fact } from '../domain/decision.ts';
import { standingOf } from '../domain/gates.ts';
import { isCandidate, newEnvironment, type Deployment, type EnvironmentState } from '../domain/state.ts';
import {
  ApprovalRow,
  BadSnapshotRow,
  DeploymentRow,
  DriftRow,
  EnvironmentRow,
  GatewayRow,
  type Changes,
} from './entities.ts';
import { deploymentColumns, deploymentOf, gatewayColumns, gatewayOf, pinOf } from './row-mapping.ts';

/** Which deployments an input names, beside those that are always part of the state. */
export interface Named {
  readonly ids?: readonly string[];
  readonly commit?: string | null;
}

/** What is kept of a deployment beside what is decided on. */
export interface Beside {
  readonly author: Person | null;
  readonly message: string | null;
  readonly changes: Changes;
}

const nothing: Beside = { author: null, message: null, changes: { total: 0, units: [] } };

/**
 * The deployments that a decision can depend on: all open ones, the newest, those that ran last (what a rollback may
 * go back to), whatever ever went bad, and those that the input names.
 */
const relevant = `d.id IN (
  SELECT id FROM deployments WHERE environment = :environment AND state IN ('waiting', 'awaiting-approval', 'applying', 'live')
  UNION (SELECT id FROM deployments WHERE environment = :environment ORDER BY seq DESC LIMIT 20)
  UNION (SELECT id FROM deployments WHERE environment = :environment AND ran_since IS NOT NULL ORDER BY ran_since DESC LIMIT 40)
  UNION (SELECT id FROM deployments WHERE environment = :environment AND bad ORDER BY seq DESC LIMIT 100)
  UNION SELECT id FROM deployments WHERE environment = :environment AND id = ANY(CAST(:ids AS uuid[]))
  UNION (SELECT id FROM deployments WHERE environment = :environment AND commit = :commit ORDER BY seq DESC LIMIT 20))`;

/** The caller holds the environment's lock when it means to save. */
export async function loadEnvironment(
  manager: EntityManager,
  name: string,
  named: Named = {},
): Promise<EnvironmentState> {
  const row = await manager.findOneBy(EnvironmentRow, { name });
  if (row === null) return newEnvironment(name);
  const ids = [...(named.ids ?? []), ...(row.retry === null ? [] : [row.retry.of])];
  const deployments = await manager
    .createQueryBuilder(DeploymentRow, 'd')
    .where(relevant, { environment: name, ids, commit: named.commit ?? '' })
    .orderBy('d.seq')
    .getMany();
  const candidates = deployments.filter(isCandidate).map(({ id }) => id);
  const approvals =
    candidates.length === 0
      ? []
      : await manager.find(ApprovalRow, {
          where: { deployment: In(candidates) },
          order: { grantedAt: 'ASC', actor: 'ASC' },
        });
  const gateways = await manager.findBy(GatewayRow, { environment: name });
  const bads = await manager.find(BadSnapshotRow, {
    where: { environment: name, liftedAt: IsNull() },
    order: { seq: 'ASC' },
  });
  return {
    name,
    heads: row.heads,
    retry: row.retry,
    deployments: deployments.map((each) =>
      deploymentOf(
        each,
        approvals.filter(({ deployment }) => deployment === each.id).map(({ actor }) => actor),
      ),
    ),
    gateways: Object.fromEntries(gateways.map((each) => [each.name, gatewayOf(each)])),
    pin: pinOf(bads),
  };
}

/** How the parent environment stands to the commits that may be promoted from it. */
export async function loadStandings(
  manager: EntityManager,
  wanted: readonly { environment: string; commit: string }[],
): Promise<(environment: string, commit: string) => Standing> {
  const known = new Map<string, Standing>();
  for (const { environment, commit } of wanted) {
    const rows = await manager.find(DeploymentRow, {
      where: { environment, commit },
      order: { seq: 'DESC' },
      take: 50,
    });
    known.set(`${environment} ${commit}`, standingOf(rows.map((row) => deploymentOf(row, []))));
  }
  return (environment, commit) => known.get(`${environment} ${commit}`) ?? { kind: 'pending' };
}

export interface Saved {
  readonly before: EnvironmentState;
  readonly after: EnvironmentState;
  readonly facts: readonly Fact[];
  readonly wakeAt: number | null;
  readonly now: Date;
  /** Of deployments that the input brought; others take theirs from an earlier deployment of the same commit. */
  readonly beside?: Beside | undefined;
  readonly approvalReason?: string | undefined;
  /** By deployment, where it was found out what it changes against what ran. */
  readonly changes: ReadonlyMap<string, Changes>;
}

/** Writes what is different. Runs in the transaction that publishes the facts. */
export async function saveEnvironment(manager: EntityManager, saved: Saved): Promise<void> {
  const { before, after, wakeAt, now } = saved;
  const { name, heads, retry } = after;
  await manager.upsert(
    EnvironmentRow,
    { name, heads, retry, wakeAt: wakeAt === null ? null : new Date(wakeAt), updatedAt: now },
    ['name'],
  );
  const old = new Map(before.deployments.map((deployment) => [deployment.id, deployment]));
  // What ends comes first: the index that allows one deployment to be applied at a time is checked row by row.
  const isApplying = ({ phase }: Deployment) => (phase.kind === 'applying' ? 1 : 0);
  for (const deployment of after.deployments.toSorted((a, b) => isApplying(a) - isApplying(b))) {
    const known = old.get(deployment.id);
    if (known === undefined) await insertDeployment(manager, deployment, saved);
    else await updateDeployment(manager, known, deployment, saved);
  }
  await saveGateways(manager, saved);
  await savePin(manager, saved);
  await saveDrifts(manager, saved);
}

async function insertDeployment(manager: EntityManager, deployment: Deployment, saved: Saved): Promise<void> {
  const { name } = saved.after;
  const brought = deployment.cause === 'commit' || deployment.cause === 'promotion' ? saved.beside : undefined;
  const beside = brought ?? (await besideOfCommit(manager, name, deployment.commit));
  const story = currentStory();
  await manager.insert(DeploymentRow, {
    ...deploymentColumns(name, deployment),
    author: beside.author,
    message: beside.message,
    changes: saved.changes.get(deployment.id) ?? beside.changes,
    correlationId: story?.correlationId ?? deployment.id,
    causationId: story?.causationId ?? null,
    traceparent: currentTraceparent(),
  });
}

async function updateDeployment(
  manager: EntityManager,
  known: Deployment,
  deployment: Deployment,
  saved: Saved,
): Promise<void> {
  const changes = saved.changes.get(deployment.id);
  const isSame = JSON.stringify(known) === JSON.stringify(deployment);
  if (!isSame || changes !== undefined) {
    const { id, ...columns } = deploymentColumns(saved.after.name, deployment);
    await manager.update(DeploymentRow, { id }, { ...columns, ...(changes === undefined ? {} : { changes }) });
  }
  for (const actor of deployment.approvals.filter((each) => !known.approvals.includes(each))) {
    await manager.insert(ApprovalRow, {
      deployment: deployment.id,
      actor,
      environment: saved.after.name,
      reason: saved.approvalReason ?? '',
      grantedAt: saved.now,
    });
  }
}

async function besideOfCommit(manager: EntityManager, environment: string, commit: string): Promise<Beside> {
  const row = await manager
    .createQueryBuilder(DeploymentRow, 'd')
    .addSelect('d.changes')
    .where('d.environment = :environment AND d.commit = :commit', { environment, commit })
    .orderBy('d.seq', 'DESC')
    .limit(1)
    .getOne();
  return row ?? nothing;
}

async function saveGateways(manager: EntityManager, { before, after }: Saved): Promise<void> {
  for (const [name, gateway] of Object.entries(after.gateways)) {
    const known = before.gateways[name];
    if (known !== undefined && JSON.stringify(known) === JSON.stringify(gateway)) continue;
    const isAimed = known?.generation !== gateway.generation;
    await manager.upsert(
      GatewayRow,
      { ...gatewayColumns(after.name, name, gateway), ...(isAimed ? { traceparent: currentTraceparent() } : {}) },
      ['environment', 'name'],
    );
  }
}

async function savePin(manager: EntityManager, { before, after, now }: Saved): Promise<void> {
  if (JSON.stringify(before.pin) === JSON.stringify(after.pin)) return;
  const environment = after.name;
  const { pin } = after;
  const known = before.pin?.bads ?? [];
  const isKept = pin !== null && known.every((bad, index) => pin.bads[index]?.snapshot === bad.snapshot);
  if (!isKept) await manager.update(BadSnapshotRow, { environment, liftedAt: IsNull() }, { liftedAt: now });
  if (pin === null) return;
  for (const bad of isKept ? pin.bads.slice(known.length) : pin.bads) {
    await manager.insert(BadSnapshotRow, {
      environment,
      ...bad,
      orderedAt: new Date(pin.order),
      since: new Date(pin.since),
      reason: pin.reason,
      liftedAt: null,
    });
  }
}

async function saveDrifts(manager: EntityManager, { facts, now }: Saved): Promise<void> {
  for (const fact of facts) {
    if (fact.kind === 'drift-detected') {
      const { drift: id, environment, gateway, action, fields } = fact.data;
      await manager.upsert(
        DriftRow,
        { id, environment, gateway, action, fields, detectedAt: now, resolvedAt: null, how: null },
        ['id'],
      );
    }
    if (fact.kind === 'drift-resolved') {
      await manager.update(DriftRow, { id: fact.data.drift }, { resolvedAt: now, how: fact.data.how });
    }
  }
}
