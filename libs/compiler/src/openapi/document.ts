import type { Operation } from '@gitway/contracts';
import type { DocumentFinding, DocumentIgnore } from '../verdicts/suppressions.ts';

/** What the compiler keeps of an OpenAPI document. */
export interface OpenApiModel {
  readonly title: string;
  readonly version: string;
  /** Of the document's bytes, or of all of its files where it refers to others. */
  readonly digest: string;
  readonly operations: readonly Operation[];
  /** Ids of those that are marked as deprecated. */
  readonly deprecated: readonly string[];
}

/** What a document is read with besides its files, as plain JSON: part of the key of what comes out. */
export type DocumentSettings = Readonly<Record<string, unknown>>;

/** One document to read. */
export interface DocumentJob {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly settings: DocumentSettings;
  /** Another file of the same workspace, or of another server by its URL. */
  open(path: string): Promise<OpenedFile>;
}

export type OpenedFile =
  /** `gone`: it is listed and cannot be read; that may be otherwise the next time. `remote`: its host is not allowed. */
  | { readonly bytes: Uint8Array }
  | { readonly refused: 'absent' | 'link' | 'too-large' | 'gone' | 'remote' }
  /** It is on another server and could not be had; `reason` is a clause, as in `it answered 404`. */
  | { readonly refused: 'unreachable'; readonly reason: string };

/** What comes out, as plain JSON. The same files and settings always give the same. */
export interface DocumentReading {
  /** Null when the document cannot be used; its findings then hold an error. */
  readonly model: OpenApiModel | null;
  readonly findings: readonly DocumentFinding[];
  /** The document's own suppressions. */
  readonly ignores: readonly DocumentIgnore[];
  /** Every other file that was looked for, whether it is there or not, in order of path. */
  readonly others: readonly string[];
  /** Findings, by position, that are about a path that is not there: what it may have meant is asked of the workspace. */
  readonly absent: readonly { readonly finding: number; readonly path: string }[];
  /** It depends on something that is in no key (a file that could not be read, a busy machine) and must not be kept: a file of another server, for one. */
  readonly passing?: true;
  /** The limits that it was refused for: it is asked for again where there are others. */
  readonly exceeds?: string;
}
