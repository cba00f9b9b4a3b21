import { DiskCache, DocumentPool, engineVersion, LayeredCache } from '@gitway/compile-host';
import type { LastingCache } from '@gitway/compiler';
import type { ArtifactStore } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import type { OnModuleDestroy } from '@nestjs/common';
import type { ValidatorConfig } from '../config.ts';
import { SharedCache } from './shared-cache.ts';

const log = logger('compile-means');

/** What a compile is given by this machine and by the other replicas: threads, a folder, the artifact store. */
export class CompileMeans implements OnModuleDestroy {
  readonly documents: DocumentPool;
  readonly lasting: LastingCache;
  private readonly disk: DiskCache | undefined;

  constructor(config: ValidatorConfig, artifacts: ArtifactStore) {
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

  async onModuleDestroy(): Promise<void> {
    await this.disk?.flush();
    await this.documents.close();
  }
}
