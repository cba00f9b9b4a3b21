import { join } from 'node:path';
import { readDocument, type CompileOptions, type DocumentJob, type DocumentReader } from '@gitway/compiler';
import { DiskCache, DocumentPool, engineVersion } from '@gitway/compile-host';
import type { CliSettings } from '../config.ts';

/** What a compile on this machine works with, beside its own thread and memory. */
export interface CompileMeans extends Pick<CompileOptions, 'documents' | 'lasting'> {
  close(): Promise<void>;
}

/** The part of it that a compile takes. */
export const compileOptionsOf = ({
  documents,
  lasting,
}: CompileMeans): Pick<CompileOptions, 'documents' | 'lasting'> => ({
  ...(documents === undefined ? {} : { documents }),
  ...(lasting === undefined ? {} : { lasting }),
});

/** @param keep whether to keep what was compiled for the next time */
export type OpenMeans = (keep: boolean, say: (sentence: string) => void) => CompileMeans;

const MAX_CACHE_BYTES = 500_000_000;
/** A small repository is read before a thread would have started. */
const READ_HERE_BYTES = 1_000_000;
const SMALL_DOCUMENT_BYTES = 200_000;

/** Where what was compiled is kept: `GITWAY_CACHE_DIR`, else in the user's cache folder; undefined where there is none. */
function cacheFolder(env: CliSettings): string | undefined {
  if (env.GITWAY_CACHE_DIR !== undefined) return env.GITWAY_CACHE_DIR;
  const caches = env.XDG_CACHE_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.cache'));
  return caches === undefined ? undefined : join(caches, 'gitway', 'compiled');
}

/** Threads with limits for large documents, and a folder that outlives the process. */
export function compileMeans(env: CliSettings): OpenMeans {
  return (keep, say) => {
    const folder = keep ? cacheFolder(env) : undefined;
    const pool = new DocumentPool({
      timeLimitMs: env.GITWAY_DOCUMENT_TIME_LIMIT,
      memoryLimitMb: env.GITWAY_DOCUMENT_MEMORY_MB,
    });
    const cache =
      folder === undefined
        ? undefined
        : new DiskCache({ folder, engine: engineVersion(), maxBytes: MAX_CACHE_BYTES, onProblem: say });
    return {
      documents: smallOnesHere(pool),
      ...(cache === undefined ? {} : { lasting: cache }),
      close: async () => {
        await cache?.flush();
        await pool.close();
      },
    };
  };
}

/** The first small documents are read in this thread; nobody's own rules ever are. */
function smallOnesHere(pool: DocumentPool): DocumentReader {
  let left = READ_HERE_BYTES;
  return {
    parallel: pool.parallel,
    limits: pool.limits,
    compare: (job) => pool.compare(job),
    read(job: DocumentJob) {
      const { byteLength } = job.bytes;
      if (byteLength > SMALL_DOCUMENT_BYTES || byteLength > left || Object.keys(job.settings).length > 0) {
        return pool.read(job);
      }
      left -= byteLength;
      return readDocument(job);
    },
  };
}
