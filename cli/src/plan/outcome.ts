import type { ChangePlan } from '@gitway/contracts';

/** What one environment gets, or why that cannot be said. */
export interface PlannedEnvironment {
  readonly environment: string;
  readonly plan: ChangePlan | null;
  /** In words; null where there is a plan. */
  readonly why: string | null;
  /** Whether what was asked about would be refused there. */
  readonly refused: boolean;
}

/** What `gitway plan` answers; with `--json` as it stands. */
export interface PlanAnswer {
  readonly version: 1;
  /** What is planned; null: a folder. */
  readonly commit: string | null;
  /** What a folder is compared with; null: what is live. */
  readonly base: string | null;
  readonly items: readonly PlannedEnvironment[];
}
