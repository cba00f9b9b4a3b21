import type { Finding, FindingCounts, SuppressedFinding } from '@gitway/contracts';

/** What a check of a workspace says, as every format shows it. */
export interface CheckReport {
  readonly refused: boolean;
  readonly environments: readonly CheckedEnvironment[];
  /** Those to show, each once, errors first, then by place. */
  readonly findings: readonly Finding[];
  /** What somebody passes over for a time. It counts for nothing. */
  readonly suppressed?: readonly SuppressedFinding[];
  /** Of everything that counts, also of what is not shown. */
  readonly counts: FindingCounts;
  /** The text of a file that a finding points into, where it is known. */
  readonly sources: (path: string) => string | undefined;
}

export interface CheckedEnvironment {
  readonly name: string;
  readonly outcome: 'validated' | 'rejected';
  readonly snapshot: string | null;
  readonly counts: FindingCounts;
  /** Those to show of this environment alone; `CheckReport.findings` has them as well. */
  readonly findings: readonly Finding[];
  /** Of this environment alone. */
  readonly suppressed?: readonly SuppressedFinding[];
}

export interface RenderOptions {
  readonly toolVersion: string;
  readonly color?: boolean;
  /** JSON on one line, for readers that take one document per line. */
  readonly compact?: boolean;
  /** Where the workspace lies in the repository, as in `platform/gitway`: put before every path of a report. */
  readonly pathPrefix?: string;
  /** URI of the workspace's folder, ending in "/", for formats whose URIs must be absolute. */
  readonly rootUri?: string;
  /** An absolute URL of a rule's page. */
  readonly ruleUrl?: (rule: string) => string | undefined;
}

/** One format of `gitway check`. Pure: the same report and options give the same text, which ends in a line break. */
export interface Renderer {
  readonly format: string;
  readonly summary: string;
  render(report: CheckReport, options: RenderOptions): string;
}
