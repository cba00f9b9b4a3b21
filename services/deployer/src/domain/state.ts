import type { DeploymentState, DriftField, EnvironmentUnit, StageTimes } from '@gitway/contracts';

/**
 * What the deployer knows of one environment. Everything is plain JSON; instants are milliseconds since the epoch.
 *
 * - **candidate**: a deployment that waits (`waiting` or `awaiting-approval`). At most one.
 * - **applying**: its snapshot is written to `desired` and not yet read back. At most one.
 * - **live**: read back from every gateway. At most one; it stays live until its successor is read back.
 * - **target**: what `desired` of one gateway must say. The database decides it, the desired key follows it.
 */
export interface EnvironmentState {
  readonly name: string;
  /** Per source and ref: the order of the newest commit that was validated. */
  heads: Record<string, number>;
  deployments: Deployment[];
  gateways: Record<string, GatewayState>;
  pin: Pin | null;
  /** A failed deployment that is tried again. */
  retry: Retry | null;
}

/** What the environment unit of a snapshot says about deploying. */
export type Settings = Pick<EnvironmentUnit, 'gateways' | 'promoteFrom' | 'promotion' | 'analysis' | 'drift'>;

export interface RevisionRef {
  commit: string;
  snapshot: string;
}

export type Cause = 'commit' | 'promotion' | 'command' | 'rollback';
export type Verdict = 'healthy' | 'regressed' | 'inconclusive';

export type Phase =
  /** `parent`: for the parent environment; `soak`: until `dueAt`; `turn`: for the rollback that is being applied. */
  | { kind: 'waiting'; reason: 'parent' | 'soak' | 'turn'; dueAt: number | null }
  | { kind: 'awaiting-approval'; needed: number }
  | { kind: 'applying'; since: number; deadlineAt: number }
  | { kind: 'live'; since: number }
  | { kind: 'failed'; endedAt: number; reason: 'refused' | 'timeout' }
  | { kind: 'rolled-back'; endedAt: number }
  | { kind: 'superseded'; endedAt: number };

// The phases are the states of the read model: this fails to compile when one is missing on either side.
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
export const phasesAreStates: Same<Phase['kind'], DeploymentState> = true;

export interface Rollback {
  /** The deployment that is taken back. */
  readonly of: string;
  readonly from: RevisionRef;
  readonly reason: 'verdict' | 'command';
  readonly detail: string;
  readonly decidedAt: number;
}

export interface Deployment {
  readonly id: string;
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly snapshot: string;
  readonly cause: Cause;
  /** When git-watcher detected the commit: what newer and older mean. */
  readonly order: number;
  readonly createdAt: number;
  readonly settings: Settings;
  /** Asked for by a person: promotion, soak and approvals do not hold it. */
  readonly skipsGates: boolean;
  /** 1 for the first try. */
  readonly attempt: number;
  readonly rollback: Rollback | null;
  /** Times up to validation; completed when it goes live. */
  times: StageTimes;
  phase: Phase;
  /** Why it is in that phase, in words. */
  detail: string;
  /** Who approved it, each once. */
  approvals: string[];
  /** What was live when it was started. */
  previous: RevisionRef | null;
  /** When it was live; null: never. */
  ran: { since: number; until: number | null } | null;
  /** The deployment that brought the content: another's id where this commit changed nothing that a gateway sees. */
  contentOf: string;
  verdict: Verdict | null;
  /** Judged regressed, or taken back by a person. */
  bad: boolean;
}

export interface GatewayState {
  generation: number;
  snapshot: string;
  deployment: string;
  drift: Drift | null;
  /** When it was healed, within the last minute. */
  heals: number[];
  lastHealAt: number | null;
  /** 0: heal at once. Each further heal against a writer that keeps fighting waits twice as long. */
  backOffLevel: number;
  /** The agent's time of the last report without drift. */
  clearAt: number | null;
}

/** One streak of drift of one gateway: from the first report that shows it until one that does not. */
export interface Drift {
  readonly id: string;
  readonly since: number;
  /** The agent's time. */
  readonly observedAt: number;
  readonly action: 'heal' | 'alert';
  readonly fields: DriftField[];
  /** The generation that was written to heal it; null: none yet. */
  healGeneration: number | null;
  /** Not before this; null: at once. */
  nextHealAt: number | null;
}

/** The environment does not take bad content again until a newer commit with other content is deployed. */
export interface Pin {
  /** The oldest first. */
  readonly bads: RevisionRef[];
  /** The newest commit that was taken back; what is older never lifts it. */
  readonly order: number;
  /** When the last rollback was decided. Commits detected before it lift the pin only with the content that runs. */
  readonly since: number;
  readonly reason: string;
}

export interface Retry {
  readonly of: string;
  readonly reason: 'refused' | 'timeout';
  readonly dueAt: number;
}

export function newEnvironment(name: string): EnvironmentState {
  return { name, heads: {}, deployments: [], gateways: {}, pin: null, retry: null };
}

export const revisionOf = ({ commit, snapshot }: RevisionRef): RevisionRef => ({ commit, snapshot });

export const isCandidate = ({ phase }: Pick<Deployment, 'phase'>) =>
  phase.kind === 'waiting' || phase.kind === 'awaiting-approval';

export const hasEnded = ({ phase }: Deployment) =>
  phase.kind === 'failed' || phase.kind === 'rolled-back' || phase.kind === 'superseded';

export const isPinnedBad = (pin: Pin | null, snapshot: string) =>
  pin !== null && pin.bads.some((bad) => bad.snapshot === snapshot);
