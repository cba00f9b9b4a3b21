import type { Workspace } from './workspace.ts';

export interface LintFinding {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** One rule of the architecture, checked over the whole workspace. */
export interface Rule {
  readonly id: string;
  /** Why there is such a rule, in one sentence. */
  readonly reason: string;
  check(workspace: Workspace): Omit<LintFinding, 'rule'>[];
}
