import type {
  approvalRequested,
  commandRefused,
  DataOf,
  deployed,
  deploymentFailed,
  deploymentPlanned,
  driftDetected,
  driftResolved,
  pinLifted,
  rolledBack,
} from '@gitway/contracts';

export type { DriftField, Problem, StageTimes } from '@gitway/contracts';

/** What the facts carry, without the list of changed units: that is large and decides nothing. */
export type PlannedData = Omit<DataOf<typeof deploymentPlanned>, 'changes'>;
export type DeployedData = Omit<DataOf<typeof deployed>, 'changes'>;
export type DeploymentFailedData = DataOf<typeof deploymentFailed>;
export type RolledBackData = DataOf<typeof rolledBack>;
export type PinLiftedData = DataOf<typeof pinLifted>;
export type ApprovalRequestedData = DataOf<typeof approvalRequested>;
export type CommandRefusedData = DataOf<typeof commandRefused>;
export type DriftDetectedData = DataOf<typeof driftDetected>;
export type DriftResolvedData = DataOf<typeof driftResolved>;
