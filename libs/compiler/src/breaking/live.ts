import type { ApiUnit } from '@gitway/contracts';
import type { WorkspaceReader } from '../workspace.ts';

/**
 * What runs in an environment now: the base against which a revision is judged. Whoever has a platform at hand asks it,
 * `gitway check` reads it from Git. Nothing of it is asked for that the revision leaves as it is.
 */
export interface LiveEnvironment {
  /** In words, for messages: `what is live`, `main (1a2b3c4)`. */
  readonly name: string;
  /** Every API that is served, each once. */
  readonly apis: readonly { readonly name: string; readonly unit: string }[];
  /** Undefined when it is not to be had any more. */
  unit(digest: string): Promise<ApiUnit | undefined>;
  /** The files of a document, by the digest that a unit has of it. Undefined when they are not to be had any more. */
  document(digest: string): Promise<DocumentSource | undefined>;
  /** Calls of an API since then, by what it is called there. */
  usage(api: string, since: Date): Promise<ApiUsage>;
  /** Since when operations of an API have been served as deprecated, by id; under `''` since when the API has. */
  deprecations(api: string): Promise<ReadonlyMap<string, Date>>;
  /** Until when this version of an API was served, before what is served now; undefined when it never was. */
  servedUntil(api: string, unit: string): Promise<Date | undefined>;
}

/** An OpenAPI document with every file that it refers to. */
export interface DocumentSource extends WorkspaceReader {
  /** Path of the document itself. */
  readonly root: string;
}

export type ApiUsage =
  | {
      /** Usage has been heard of since then; calls before are not known. */
      readonly knownSince: Date;
      readonly entries: readonly UsageEntry[];
    }
  /** Why nothing is known, as a clause: `no usage of staging has been heard yet`. */
  | { readonly unknown: string };

/** Calls of one operation by one consumer on one day. */
export interface UsageEntry {
  /** Null: calls that no declared operation explains. */
  readonly operation: string | null;
  /** Null: calls without a known consumer. */
  readonly consumer: string | null;
  readonly calls: number;
  readonly lastAt: Date;
}
