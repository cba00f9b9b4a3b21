export type Level = 'error' | 'warning' | 'info';

export interface OperationKey {
  /** Upper case. */
  readonly method: string;
  /** The template in the base document, or in the revision for what was added. */
  readonly path: string;
  readonly id?: string;
}

/** One thing that changed for those who call the API. */
export interface BreakingChange {
  /**
   * What the change is by: id, operation, place, and where these are not enough what it is about. The same change keeps
   * it from one comparison to the next, whatever its message says; within one list each stands once.
   */
  readonly key: string;
  /** From the public vocabulary of oasdiff, or one of our own (see the README). */
  readonly id: string;
  readonly level: Level;
  /** Null where the change concerns the whole document. */
  readonly operation: OperationKey | null;
  /** The webhook that changed: the API sends it, and no operation of the API is concerned. */
  readonly webhook?: string;
  /** Which document the pointer is into: what was removed can only be shown in the base. */
  readonly document: 'base' | 'revision';
  /** RFC 6901. */
  readonly pointer: string;
  /** What changes for callers, in one sentence. */
  readonly message: string;
  /** What to do instead. */
  readonly hint?: string;
}

export interface BreakingOptions {
  /** Day against which sunset dates are judged (`2026-11-30`). Without it a sunset date is never judged to be past or too near. */
  readonly today?: string;
  /** Days between a deprecation and its sunset, for operations of stability `stable` or none. 0, the default: any. */
  readonly deprecationDaysStable?: number;
  /** The same for `beta`. */
  readonly deprecationDaysBeta?: number;
  /**
   * Compares `allOf` as it is written. By default all its branches are merged into one schema before they are
   * compared, so that only what changes for callers is told.
   */
  readonly literalAllOf?: boolean;
  /** Pairs of schemas that are compared at most; beyond it the result holds `comparison-incomplete`. */
  readonly maxSchemaPairs?: number;
  /** Findings that are given at most; beyond it the result holds `comparison-incomplete`. */
  readonly maxChanges?: number;
}
