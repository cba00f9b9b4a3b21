import {
  DiskCache,
  DocumentPool,
  engineVersion,
  hostsOf,
  LayeredCache,
  type RemoteRefs,
  RemoteSession,
} from '@gitway/compile-host';
import type { LastingCache, RemoteFiles } from '@gitway/compiler';
import type { ArtifactStore } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import type { OnModuleDestroy } from '@nestjs/common';
import type { ValidatorConfig } from '../config.ts';
import { SharedCache } from './shared-cache.ts';

const log = logger('compile-means');

/** What a compile is given by this machine, the other replicas and other servers: threads, a folder, the artifact store. */
export class CompileMeans implements OnModuleDestroy {
  readonly documents: DocumentPool;
  readonly lasting: LastingCache;
  private readonly disk: DiskCache | undefined;
  private readonly refs: RemoteRefs;
  private readonly functionsOf: readonly string[];

  constructor(config: ValidatorConfig, artifacts: ArtifactStore) {
    this.refs = config.GITWAY_REMOTE_REFS ?? new Map();
    this.functionsOf = config.GITWAY_RULESET_FUNCTIONS;
    const workers = config.GITWAY_COMPILE_WORKERS;
    this.documents = new DocumentPool({
      ...(workers === 0 ? {} : { workers }),
      timeLimitMs: config.GITWAY_DOCUMENT_TIME_LIMIT,
      memoryLimitMb: config.GITWAY_DOCUMENT_MEMORY_MB,
    });
    const engine = engineVersion();
    const shared = new SharedCache(artifacts, engine);
    const folder = config.GITWAY_COMPILE_CACHE_DIR;
    this.disk =
      folder === undefined
        ? undefined
        : new DiskCache({
            folder,
            engine,
            maxBytes: config.GITWAY_COMPILE_CACHE_MB * 1e6,
            onProblem: (message) => log.warn(message),
          });
    this.lasting = this.disk === undefined ? shared : new LayeredCache(this.disk, shared);
  }

  /** For one commit of a source: it sees the same of other servers from beginning to end. */
  remoteFor(source: string): RemoteFiles {
    return new RemoteSession(hostsOf(this.refs, source));
  }

  runsFunctionsOf(source: string): boolean {
    return this.functionsOf.includes(source);
  }

  async onModuleDestroy(): Promise<void> {
    await this.disk?.flush();
    await this.documents.close();
  }
}
