import type { Severity } from '@gitway/contracts';

/** What a finding's id stands for: a page of documentation, and examples that a spec runs. */
export interface Rule {
  readonly id: string;
  readonly severity: Severity;
  /** Whether RuleSets and suppressions may change an error. Warnings and notes are always theirs to change. */
  readonly adjustable?: boolean;
  /** It is found by the platform alone, which knows what is live; its examples are not compiled. */
  readonly live?: true;
  /** One sentence. */
  readonly summary: string;
  readonly why: string;
  readonly fix: string;
  /** Files laid over the small workspace in `example-workspace.ts`; the first one is shown on the page. */
  readonly bad: Readonly<Record<string, string>>;
  readonly good: Readonly<Record<string, string>>;
}
