import { setImmediate } from 'node:timers/promises';
import {
  compileWorkspace,
  type CompiledWorkspace,
  type CompileOptions,
  heardFiles,
  type HeardFiles,
  MemoryCache,
  type RemoteFiles,
  type RulesInForce,
  type WorkspaceReader,
} from '@gitway/compiler';
import { isReadFile, type Tree } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import type { Clock } from '@gitway/service';
import type { BlobReader } from '../adapters/blob-reader.ts';
import type { LiveEnvironments } from './live-environments.ts';

/** What a compile is given beside its own memory. */
export interface CommitMeans extends Pick<CompileOptions, 'lasting' | 'documents'> {
  /** Files of other servers, as far as the source may refer to them. */
  remoteFor(source: string): RemoteFiles;
  /** Whether JavaScript functions of its rulesets are run. */
  runsFunctionsOf(source: string): boolean;
}

/** Compiles the files of a commit for the environments that follow a branch. What was computed before is kept. */
export class CompileCommit {
  private readonly cache: MemoryCache;

  constructor(
    private readonly blobs: BlobReader,
    cacheEntries: number,
    private readonly live: LiveEnvironments,
    private readonly clock: Clock,
    private readonly means?: CommitMeans,
  ) {
    this.cache = new MemoryCache(cacheEntries);
  }

  /** @param writtenByGitway whether the platform wrote the commit itself, to take another one back */
  run(tree: Tree, source: string, branch: string, writtenByGitway: boolean): Promise<CompiledWorkspace> {
    return compileWorkspace(this.readerOf(tree), {
      ...this.options(source),
      branch,
      live: (environment) => this.live.of(environment),
      writtenByGitway,
    });
  }

  /** What the rules of another commit find in these files, in one environment. */
  async hear(tree: Tree, source: string, environment: string, rules: RulesInForce): Promise<HeardFiles> {
    const hearing = { rules, environments: [environment] };
    return heardFiles(await compileWorkspace(this.readerOf(tree), { ...this.options(source), hearing }), environment);
  }

  private readerOf(tree: Tree): WorkspaceReader {
    const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
    return {
      list: () => Promise.resolve(tree.entries),
      read: async (path: string) => {
        const entry = entries.get(path);
        if (entry === undefined) return undefined;
        return this.blobs.read(entry).catch((error: unknown) => {
          if (isReadFile(path)) throw error;
          return undefined;
        });
      },
    };
  }

  private options(source: string) {
    const { means } = this;
    return {
      drivers: driverChecks,
      cache: this.cache,
      ...(means?.lasting === undefined ? {} : { lasting: means.lasting }),
      ...(means?.documents === undefined ? {} : { documents: means.documents }),
      ...(means === undefined ? {} : { remote: means.remoteFor(source) }),
      breathe: () => setImmediate(),
      now: this.clock.now(),
      rulesetFunctions: means?.runsFunctionsOf(source) ?? false,
    } satisfies CompileOptions;
  }
}
