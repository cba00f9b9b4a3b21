import type { ApprovalRequestedData, CommandRefusedData, DriftField, Problem, StageTimes } from './contract-data.ts';
import type { DeployedData, DeploymentFailedData, DriftDetectedData, DriftResolvedData } from './contract-data.ts';
import type { PinLiftedData, PlannedData, RolledBackData } from './contract-data.ts';
import type { EnvironmentState, Settings, Verdict } from './state.ts';

/** What a gateway's agent read back last. */
export interface Observation {
  readonly generation: number;
  readonly running: string | null;
  readonly problems: readonly Problem[];
  readonly drift: readonly DriftField[];
  /** The agent's time. */
  readonly reportedAt: number;
  readonly times: StageTimes;
  /** When `desired` of that generation was written; null: not known. */
  readonly desiredAt: number | null;
}

/** How the parent environment stands to one commit. */
export type Standing =
  /** The parent never had it, or has not brought it live yet. */
  | { kind: 'pending' }
  | { kind: 'bad' }
  /** `until` null: live now. */
  | { kind: 'ran'; since: number; until: number | null };

export interface Limits {
  /** How long the gateways have to answer. */
  readonly applyTimeoutMs: number;
  /** Tries of a deployment that a gateway refuses. */
  readonly refusedAttempts: number;
  /** Before the second try; doubles with each further one up to `retryMaxMs`. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
  /** This many heals of one gateway within a minute, and the next one waits. */
  readonly healsPerMinute: number;
  /** The first wait against a writer that keeps fighting; doubles up to `healMaxMs`. */
  readonly healBackOffMs: number;
  readonly healMaxMs: number;
}

export const defaultLimits: Limits = {
  applyTimeoutMs: 30_000,
  refusedAttempts: 3,
  retryMs: 10_000,
  retryMaxMs: 300_000,
  healsPerMinute: 5,
  healBackOffMs: 10_000,
  healMaxMs: 600_000,
};

export interface Context {
  readonly now: number;
  readonly limits: Limits;
  /** By gateway; what is missing never reported. */
  readonly observations: Readonly<Record<string, Observation>>;
  readonly parentStanding: (environment: string, commit: string) => Standing;
}

export type Input =
  | {
      kind: 'candidate';
      source: string;
      ref: string;
      commit: string;
      snapshot: string;
      /** When the commit was detected. */
      order: number;
      /** Whether Gitway wrote the commit itself, to take a rolled-back revision back. */
      writtenBack: boolean;
      settings: Settings;
      times: StageTimes;
    }
  /** `baseline`: the snapshot that it was compared with. */
  | { kind: 'verdict'; deployment: string; outcome: Verdict; baseline: string | null; detail: string }
  /** `request` is the id of the fact that asked. */
  | { kind: 'approval'; request: string; deployment: string; actor: string }
  | { kind: 'deploy'; request: string; commit: string; actor: string; reason: string }
  | { kind: 'rollback'; request: string; commit: string | null; actor: string; reason: string }
  | {
      kind: 'drift-observed';
      gateway: string;
      generation: number;
      snapshot: string;
      fields: DriftField[];
      observedAt: number;
    }
  /** The desired key holds a generation that this state did not write: the database or the bucket was restored. */
  | { kind: 'desired-ahead'; gateway: string; generation: number; snapshot: string }
  /** Time has passed, a gateway reported, the parent environment moved. */
  | { kind: 'look' };

/** Facts to publish; `changes` is added from what is stored beside the deployment. */
export type Fact =
  | { kind: 'deployment-planned'; deployment: string; data: PlannedData }
  | { kind: 'deployed'; deployment: string; data: DeployedData }
  | { kind: 'deployment-failed'; deployment: string; data: DeploymentFailedData }
  | { kind: 'rolled-back'; deployment: string; data: RolledBackData }
  | { kind: 'pin-lifted'; deployment: string; data: PinLiftedData }
  | { kind: 'approval-requested'; deployment: string; data: ApprovalRequestedData }
  /** Changes nothing here; it is told in the story of the request. */
  | { kind: 'command-refused'; data: CommandRefusedData }
  | { kind: 'drift-detected'; deployment: string; data: DriftDetectedData }
  | { kind: 'drift-resolved'; deployment: string; data: DriftResolvedData };

export interface Outcome {
  readonly state: EnvironmentState;
  readonly facts: readonly Fact[];
  /** For the log: what was refused or left alone, and why. */
  readonly notes: readonly string[];
  /** When the environment has to be looked at again at the latest; null: only when something happens. */
  readonly wakeAt: number | null;
  readonly changed: boolean;
}
