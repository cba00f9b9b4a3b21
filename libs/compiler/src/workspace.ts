import type { Finding, FindingCounts, Snapshot, SuppressedFinding, Unit } from '@gitway/contracts';
import type { Guardrail } from '@gitway/guardrails';
import type { ComparisonJob, DocumentChanges } from './breaking/compare-documents.ts';
import type { RulesInForce } from './impact/rules-in-force.ts';
import type { LiveEnvironment } from './breaking/live.ts';
import type { ResourceIndex } from './resource-index.ts';
import type { Heard } from './verdicts/hearing.ts';
import type { Verdicts } from './verdicts/verdicts.ts';
import type { DocumentJob, DocumentReading } from './openapi/document.ts';
import type { RemoteCopy, RemoteFiles } from './openapi/remote-files.ts';

/** One file of a workspace. `mode` is Git's; symlinks (`120000`) and submodules (`160000`) are never followed. */
export interface WorkspaceEntry {
  /** Relative to the repository's root, with "/". */
  readonly path: string;
  readonly mode: string;
  /** Names the content: equal ids are equal bytes. A Git object id, or any other digest. */
  readonly oid: string;
  readonly size: number;
}

/** Where a compile gets its input from. It lists once and then reads only what it needs, several files at a time. */
export interface WorkspaceReader {
  list(): Promise<readonly WorkspaceEntry[]>;
  /** The bytes of a listed file; undefined when it is gone (it is then reported as missing). */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** What a gateway's driver cannot honour. `unit` is named as in `api petstore` (null: the whole), `field` as in the unit. */
export interface DriverProblem {
  readonly unit: string | null;
  readonly field: string | null;
  readonly message: string;
}
/** Judges all units of a snapshot for one gateway. The same units always get the same answer. */
export type DriverCheck = (
  units: readonly { readonly digest: string; readonly unit: Unit }[],
  gateway: string,
) => readonly DriverProblem[];

export interface CompileOptions {
  /** Compile the environments that follow this branch (`main`, not a full ref); when not given, every environment. */
  readonly branch?: string;
  /** By driver name, as in `haproxy`. A driver that is not here cannot be used. */
  readonly drivers: Readonly<Record<string, DriverCheck>>;
  /** What was computed before. Keys hold the digest of all that an entry was made from, so entries never go stale. */
  readonly cache?: CompileCache;
  /** The same beyond this process: asked, in bulk, for what `cache` does not have. */
  readonly lasting?: LastingCache;
  /** Who does the heavy work on a document; this thread, one after the other, when not given. */
  readonly documents?: DocumentReader;
  /** Awaited between documents, so that a long compile leaves room for other work. */
  readonly breathe?: () => Promise<void>;
  /** What `now` is in guardrails and suppressions; a guardrail that uses it fails, and nothing is suppressed, without. */
  readonly now?: Date;
  /** As if there were no RuleSet: what they would be held against, whatever they say of it. */
  readonly withoutRules?: boolean;
  /** Files of other servers that documents and rulesets may refer to; none when not given. */
  readonly remote?: RemoteFiles;
  /** Holds the rules of another workspace against this one: nothing is judged, what they find is written down. */
  readonly hearing?: { readonly rules: RulesInForce; readonly environments: readonly string[] };
  /** What runs in an environment, for breaking changes; null: nothing does. Not looked for when not given. */
  readonly live?: (environment: string) => Promise<LiveEnvironment | null>;
  /** Whether JavaScript functions of its Spectral rulesets are run, in a sandbox; refused when not given. */
  readonly rulesetFunctions?: boolean;
  /** Whether Gitway wrote the commit itself, to take another one back. */
  readonly writtenByGitway?: boolean;
}

export interface CompileCache {
  get(key: string): unknown;
  set(key: string, value: object): void;
}

/**
 * Values of the compiler's stages, as plain JSON that outlives the process and can be shared between machines. A key
 * names everything that its value was made from, except the engine: an implementation keeps engines apart.
 */
export interface LastingCache {
  /** The values of those keys that are known. Never throws: what cannot be read is not known. */
  load(keys: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Takes values to keep and returns at once. */
  save(entries: ReadonlyMap<string, object>): void;
}

/** Does the heavy work: parsing a document, following its references, linting, extracting; comparing two of them. */
export interface DocumentReader {
  /** How many documents are worth giving at a time. */
  readonly parallel: number;
  /** Names what one document may take; undefined where there is no limit. */
  readonly limits?: string | undefined;
  read(job: DocumentJob): Promise<DocumentReading>;
  /** Compares two versions of a document; done in this thread, without limits, when not given. */
  compare?(job: ComparisonJob): Promise<DocumentChanges>;
}

export interface CompiledEnvironment {
  readonly name: string;
  /** Null where the environment was refused. */
  readonly snapshot: Snapshot | null;
  readonly digest: string | null;
  /** Every unit of the snapshot by its digest. */
  readonly units: ReadonlyMap<string, Unit>;
  /** Those of this environment alone. */
  readonly findings: readonly Finding[];
  /** Those of this environment alone that somebody passes over for a time. */
  readonly suppressed: readonly SuppressedFinding[];
  /** With the findings that concern all environments. */
  readonly counts: FindingCounts;
  /** Changes that break callers and were accepted, a sentence each. */
  readonly accepted?: readonly string[];
}

/** Where an OpenAPI document came from, so that it can be read again when it is the base of a comparison. */
export interface CompiledDocument {
  /** Every file that it was made from, the document itself first. */
  readonly files: readonly { readonly path: string; readonly oid: string; readonly size: number }[];
  /** Ids of operations that are marked as deprecated. */
  readonly deprecated: readonly string[];
}

export interface CompileResult {
  readonly environments: readonly CompiledEnvironment[];
  /** The documents of all APIs that could be compiled, by the digest that units have of them. */
  readonly documents: ReadonlyMap<string, CompiledDocument>;
  /** What was taken from other servers, by URL; `files` of documents name it like files of the repository. */
  readonly remote: ReadonlyMap<string, RemoteCopy>;
  /** Everything that was found, each once, errors first, then by place. */
  readonly findings: readonly Finding[];
  /** What somebody passes over for a time: not among `findings`, and not counted. */
  readonly suppressed: readonly SuppressedFinding[];
  readonly counts: FindingCounts;
}

/** How often a stage of the compiler ran, where no cache knew what it gives. */
export interface StageRuns {
  /** Files that were looked at for resources. */
  readonly files: number;
  /** OpenAPI documents that were read, resolved and linted. */
  readonly documents: number;
  /** Units of APIs and of consumers that were made. */
  readonly units: number;
}

export interface CompiledWorkspace extends CompileResult {
  readonly runs: StageRuns;
  /** How further findings about this workspace count: those of a comparison with what is live, for example. */
  readonly verdicts: Verdicts;
  /** Of all RuleSets, each once. */
  readonly guardrails: readonly Guardrail[];
  /** Everything that its RuleSets say. */
  readonly rules: RulesInForce;
  /** What was found that is a matter of judgement, where that was asked for (`hearing`). */
  readonly heard: readonly Heard[];
  /** The resources that it was compiled from. */
  readonly index: ResourceIndex;
}
