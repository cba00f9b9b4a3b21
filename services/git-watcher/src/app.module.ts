import { join, resolve } from 'node:path';
import { CONFIG, ServiceModule } from '@gitway/service';
import { type DynamicModule, Module } from '@nestjs/common';
import { Git } from './adapters/git.ts';
import { Mirrors } from './adapters/mirrors.ts';
import { RevertWriter } from './adapters/revert-writer.ts';
import { SourceStore } from './adapters/source-store.ts';
import { ListSources } from './app/list-sources.ts';
import { ReceiveWebhook } from './app/receive-webhook.ts';
import { ReportCommit } from './app/report-commit.ts';
import { SyncSource } from './app/sync-source.ts';
import { WatchSources } from './app/watch-sources.ts';
import { WriteBackRollback } from './app/write-back-rollback.ts';
import type { GitWatcherConfig } from './config.ts';
import { SourceRegistry } from './domain/source-registry.ts';
import { RolledBackHandler } from './inbound/rolled-back.handler.ts';
import { SourcesController } from './inbound/sources.controller.ts';
import { WebhooksController } from './inbound/webhooks.controller.ts';
import { Sources1760000100000 } from './migrations/1760000100000-sources.ts';

@Module({})
export class AppModule {
  static forRoot(config: GitWatcherConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ServiceModule.forRoot({
          name: 'git-watcher',
          config,
          database: { entities: [], migrations: [Sources1760000100000] },
        }),
      ],
      controllers: [WebhooksController, SourcesController, RolledBackHandler],
      providers: [
        {
          provide: SourceRegistry,
          useFactory: ({ GITWAY_SOURCES }: GitWatcherConfig) => new SourceRegistry(GITWAY_SOURCES),
          inject: [CONFIG],
        },
        { provide: Mirrors, useFactory: mirrors, inject: [CONFIG] },
        SourceStore,
        RevertWriter,
        ReportCommit,
        SyncSource,
        WatchSources,
        ReceiveWebhook,
        ListSources,
        WriteBackRollback,
      ],
    };
  }
}

function mirrors(config: GitWatcherConfig): Mirrors {
  const folder = resolve(config.GITWAY_GIT_DATA_DIR);
  return new Mirrors(join(folder, 'mirrors'), new Git({ home: join(folder, 'home'), path: config.PATH }), {
    fetchTimeoutMs: config.GITWAY_GIT_FETCH_TIMEOUT,
    silenceMs: config.GITWAY_GIT_SILENCE_TIMEOUT,
  });
}
