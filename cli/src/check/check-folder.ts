import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  compileWorkspace,
  maskSecrets,
  MemoryCache,
  orderFindings,
  withFindings,
  type CompiledWorkspace,
  type CheckReport,
  type CompileResult,
} from '@gitway/compiler';
import { countFindings, type Finding, type Severity, type SuppressedFinding } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import { InvalidInputError } from '@gitway/errors';
import type { BaseOfCheck } from './base-of-check.ts';
import type { CompileMeans } from './compile-means.ts';
import { ContentIds, FolderChangedError } from './content-ids.ts';
import { FolderReader, type FolderEntry } from './folder-reader.ts';
import { allowed, type Allowances } from './allowances.ts';

export interface FolderCheckOptions {
  /** Of this environment only. */
  readonly environment?: string | undefined;
  /** Findings below it are counted and not shown. */
  readonly severity: Severity;
  /** More of them refuse. */
  readonly maxWarnings: number;
  /** Full paths of files in the folder that are not part of it: the reports themselves. */
  readonly leftOut: readonly string[];
  readonly signal: AbortSignal;
  /** What breaking changes are looked for against; not looked for when not given. */
  readonly base?: BaseOfCheck | undefined;
  /** What it works with beside its own thread and memory. */
  readonly means?: CompileMeans | undefined;
  readonly allowances: Allowances;
  /** What `now` is in guardrails. */
  now(): Date;
}

export interface FolderCheckResult {
  readonly report: CheckReport;
  /** The real path of the folder. */
  readonly root: string;
  readonly tookMs: number;
}

/** Of reading a folder that is written meanwhile. */
const MAX_TRIES = 5;
const rank: Record<Severity, number> = { info: 0, warning: 1, error: 2 };

/** Compiles a folder as the validator compiles a commit. Again: reads and computes what changed since. */
export class FolderCheck {
  private readonly folder: string;
  private readonly options: FolderCheckOptions;
  private readonly cache = new MemoryCache();
  private readonly ids = new ContentIds();
  private seen: string | undefined;
  private entered: readonly string[] = [];

  constructor(folder: string, options: FolderCheckOptions) {
    this.folder = folder;
    this.options = options;
  }

  /** Full paths of the folders in which the last run looked. */
  get folders(): readonly string[] {
    return this.entered;
  }

  /** Undefined when nothing changed since the last run. @throws InvalidInputError `no-folder`, `unknown-environment` */
  async runIfChanged(): Promise<FolderCheckResult | undefined> {
    for (let again = 0; ; again++) {
      try {
        return await this.run();
      } catch (error) {
        this.seen = undefined;
        if (!(error instanceof FolderChangedError)) throw error;
        if (again === MAX_TRIES) {
          const message = `${this.folder} is written all the time; it was never the same long enough to be read.`;
          throw new InvalidInputError('folder-changes', message);
        }
      }
    }
  }

  private async run(): Promise<FolderCheckResult | undefined> {
    const started = performance.now();
    const reader = await this.listed();
    const seen = stateOf(reader.entries);
    if (seen === this.seen) return undefined;
    this.seen = seen;
    const { environment, signal, base, means, allowances } = this.options;
    const workspace =
      means?.lasting === undefined
        ? { list: () => Promise.resolve(reader.entries), read: (path: string) => reader.read(path) }
        : await this.ids.of(reader);
    const compiled = await compileWorkspace(workspace, {
      drivers: driverChecks,
      cache: this.cache,
      ...(means?.lasting === undefined ? {} : { lasting: means.lasting }),
      ...(means?.documents === undefined ? {} : { documents: means.documents }),
      ...allowed(allowances),
      now: this.options.now(),
      ...(base === undefined
        ? {}
        : { live: async (name) => (environment === undefined || name === environment ? base.live(name) : null) }),
      breathe: async () => {
        await nextTurn();
        signal.throwIfAborted();
      },
    });
    const result = await this.withRuleChanges(compiled);
    if (environment !== undefined && !result.environments.some(({ name }) => name === environment)) {
      const known = result.environments.map(({ name }) => name).join(', ') || 'none';
      const message = `${this.folder} declares no environment ${environment}. It declares: ${known}.`;
      throw new InvalidInputError('unknown-environment', message);
    }
    const report = await this.reportOf(result, reader);
    return { report, root: reader.root, tookMs: performance.now() - started };
  }

  /** What changed rules say of what is live, told as the validator tells it. */
  private async withRuleChanges(compiled: CompiledWorkspace): Promise<CompileResult> {
    const { base, environment: only } = this.options;
    if (base?.ruleChange === undefined) return compiled;
    const told = new Map<string, readonly Finding[]>();
    for (const { name } of compiled.environments)
      if (only === undefined || name === only) told.set(name, await base.ruleChange(name, compiled));
    return withFindings(compiled, told);
  }

  private async listed(): Promise<FolderReader> {
    try {
      const reader = await FolderReader.open(this.folder, this.options.leftOut);
      await reader.list();
      this.entered = reader.folders;
      return reader;
    } catch (error) {
      this.seen = undefined;
      this.entered = [];
      throw error;
    }
  }

  private async reportOf(result: CompileResult, reader: FolderReader): Promise<CheckReport> {
    const { environment, severity, maxWarnings } = this.options;
    const suppressed = environment === undefined ? result.suppressed : suppressedFor(result, environment);
    const all = environment === undefined ? [...result.findings] : findingsFor(result, environment);
    const shown = (findings: readonly Finding[]) => findings.filter((each) => rank[each.severity] >= rank[severity]);
    const findings = shown(all);
    const counts = countFindings(all);
    const sources = await sourcesOf(reader, findings, [...result.findings, ...result.suppressed]);
    return {
      refused: counts.errors > 0 || counts.warnings > maxWarnings,
      environments: result.environments
        .filter(({ name }) => environment === undefined || name === environment)
        .map((each) => ({
          name: each.name,
          outcome: each.digest === null ? 'rejected' : 'validated',
          snapshot: each.digest,
          counts: each.counts,
          findings: shown(each.findings),
          suppressed: each.suppressed,
        })),
      findings,
      suppressed,
      counts,
      sources: (path) => sources.get(path),
    };
  }
}

/** What editors and tools keep beside a file while they write it changes nothing. */
const passing = /(^|\/)(\.#[^/]*|#[^/]*#|4913|[^/]*(~|\.sw[a-z]|\.tmp))$/;

const stateOf = (entries: readonly FolderEntry[]) =>
  entries
    .filter(({ path }) => !passing.test(path))
    .map(({ path, stamp }) => `${path}\0${stamp}`)
    .sort()
    .join('\0\0');

/** What concerns one environment: its own findings, and those that no environment has to itself. */
function findingsFor({ findings, environments }: CompileResult, environment: string): Finding[] {
  return ofOneAndAll(
    findings,
    environments.map(({ name, findings: own }) => ({ name, own })),
    environment,
  );
}

function suppressedFor({ suppressed, environments }: CompileResult, environment: string): SuppressedFinding[] {
  return ofOneAndAll(
    suppressed,
    environments.map(({ name, suppressed: own }) => ({ name, own })),
    environment,
  );
}

function ofOneAndAll<F extends Finding>(
  all: readonly F[],
  environments: readonly { readonly name: string; readonly own: readonly F[] }[],
  environment: string,
): F[] {
  const key = (finding: Finding) => JSON.stringify([finding.rule, finding.where, finding.message]);
  const others = new Set(environments.flatMap(({ own }) => own.map(key)));
  const own = environments.find(({ name }) => name === environment)?.own ?? [];
  return orderFindings([...all.filter((finding) => !others.has(key(finding))), ...own]);
}

/** The texts that findings point into, without the secrets that any finding is about, be it shown or not. */
async function sourcesOf(
  reader: FolderReader,
  findings: readonly Finding[],
  all: readonly Finding[],
): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const { where } of findings) {
    if (where.file === undefined || where.range === undefined || sources.has(where.file)) continue;
    const bytes = await reader.read(where.file);
    if (bytes !== undefined) sources.set(where.file, maskSecrets(where.file, new TextDecoder().decode(bytes), all));
  }
  return sources;
}
