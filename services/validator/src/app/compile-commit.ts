import { setImmediate } from 'node:timers/promises';
import { compileWorkspace, type CompiledWorkspace, type CompileOptions, MemoryCache } from '@gitway/compiler';
import { isReadFile, type Tree } from '@gitway/contracts';
import { driverChecks } from '@gitway/drivers';
import type { BlobReader } from '../adapters/blob-reader.ts';
import type { LiveEnvironments } from './live-environments.ts';

/** Compiles the files of a commit for the environments that follow a branch. What was computed before is kept. */
export class CompileCommit {
  private readonly cache: MemoryCache;

  constructor(
    private readonly blobs: BlobReader,
    cacheEntries: number,
    private readonly live: LiveEnvironments,
    private readonly means: Pick<CompileOptions, 'lasting' | 'documents'> = {},
  ) {
    this.cache = new MemoryCache(cacheEntries);
  }

  /** @param writtenByGitway whether the platform wrote the commit itself, to take another one back */
  run(tree: Tree, branch: string, writtenByGitway: boolean): Promise<CompiledWorkspace> {
    const entries = new Map(tree.entries.map((entry) => [entry.path, entry]));
    const reader = {
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
    return compileWorkspace(reader, {
      branch,
      drivers: driverChecks,
      cache: this.cache,
      ...(this.means.lasting === undefined ? {} : { lasting: this.means.lasting }),
      ...(this.means.documents === undefined ? {} : { documents: this.means.documents }),
      breathe: () => setImmediate(),
      now: new Date(),
      live: (environment) => this.live.of(environment),
      writtenByGitway,
    });
  }
}
