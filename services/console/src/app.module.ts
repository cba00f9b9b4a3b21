import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ProgressMonitor } from '@gitway/http';
import { UnitOfWork } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock, ServiceModule } from '@gitway/service';
import { DataSource } from 'typeorm';
import { AuditRow } from './adapters/audit.entity.ts';
import { DeadLetterRow } from './adapters/dead-letter.entity.ts';
import { FactRow } from './adapters/fact.entity.ts';
import { HttpUpstreams } from './adapters/http-upstreams.ts';
import { PostgresFactSignal } from './adapters/postgres-fact-signal.ts';
import { PostgresKeptFacts } from './adapters/postgres-kept-facts.ts';
import { Authenticate } from './app/authenticate.ts';
import { CheckTarget } from './app/check-target.ts';
import { FactFeed } from './app/fact-feed.ts';
import { ForwardWebhook } from './app/forward-webhook.ts';
import { GetStatus } from './app/get-status.ts';
import { FactSignal, KeptFacts } from './app/kept-facts.ts';
import { ListAudit } from './app/list-audit.ts';
import { ListDeadLetters } from './app/list-dead-letters.ts';
import { RecentFacts } from './app/recent-facts.ts';
import { RememberDeadLetter } from './app/remember-dead-letter.ts';
import { RememberFact } from './app/remember-fact.ts';
import { RequestCommand } from './app/request-command.ts';
import { StreamFacts } from './app/stream-facts.ts';
import { Upstreams } from './app/upstreams.ts';
import type { ConsoleConfig } from './config.ts';
import { AuditController } from './inbound/audit.controller.ts';
import { CommandController } from './inbound/command.controller.ts';
import { EventsController, STREAM_LIMITS, type StreamLimits } from './inbound/events.controller.ts';
import { FactFeedLifecycle } from './inbound/fact-feed.lifecycle.ts';
import { FactsController } from './inbound/facts.controller.ts';
import { ReadController } from './inbound/read.controller.ts';
import { WebhooksController } from './inbound/webhooks.controller.ts';
import { Console1763900000000 } from './migrations/console-1763900000000.ts';

@Module({})
class ConsoleModule {}

/** The composition root: everything that the console is made of, from its configuration. */
export function appModule(config: ConsoleConfig): DynamicModule {
  return {
    module: ConsoleModule,
    imports: [
      ServiceModule.forRoot({
        name: 'console',
        config,
        database: { entities: [FactRow, AuditRow, DeadLetterRow], migrations: [Console1763900000000] },
      }),
    ],
    controllers: [
      ReadController,
      CommandController,
      AuditController,
      EventsController,
      WebhooksController,
      FactsController,
    ],
    providers: [...edge(config), ...facts(config), ...commands],
  };
}

const edge = (config: ConsoleConfig): Provider[] => [
  { provide: Authenticate, useFactory: () => new Authenticate(config.GITWAY_CONSOLE_TOKENS) },
  {
    provide: Upstreams,
    useFactory: () =>
      new HttpUpstreams({
        urls: config.GITWAY_SERVICE_URLS,
        internalToken: config.GITWAY_INTERNAL_TOKEN,
        timeoutMs: config.GITWAY_UPSTREAM_TIMEOUT,
      }),
  },
  {
    provide: GetStatus,
    useFactory: (upstreams: Upstreams) =>
      new GetStatus(upstreams, (error, message) => logger('status').warn({ err: error }, message)),
    inject: [Upstreams],
  },
  { provide: ForwardWebhook, useFactory: (upstreams: Upstreams) => new ForwardWebhook(upstreams), inject: [Upstreams] },
];

const facts = (config: ConsoleConfig): Provider[] => [
  {
    provide: KeptFacts,
    useFactory: (dataSource: DataSource) => new PostgresKeptFacts(dataSource),
    inject: [DataSource],
  },
  { provide: FactSignal, useFactory: () => new PostgresFactSignal(config.GITWAY_DATABASE_URL) },
  {
    provide: RememberFact,
    useFactory: () =>
      new RememberFact({ maxFacts: config.GITWAY_EVENTS_KEPT, maxAgeMs: config.GITWAY_EVENTS_KEPT_FOR }),
  },
  {
    provide: FactFeed,
    useFactory: (kept: KeptFacts, signal: FactSignal, progress: ProgressMonitor) => {
      const beat = progress.beat('fact feed', 60_000);
      return new FactFeed(kept, signal, {
        pollMs: 1_000,
        ringSize: 1_000,
        onProgress: () => beat.tick(),
        onFailure: (error) => logger('facts').warn({ err: error }, 'the facts cannot be read now; trying again'),
      });
    },
    inject: [KeptFacts, FactSignal, ProgressMonitor],
  },
  FactFeedLifecycle,
  {
    provide: StreamFacts,
    useFactory: (kept: KeptFacts, feed: FactFeed) => new StreamFacts(kept, feed),
    inject: [KeptFacts, FactFeed],
  },
  { provide: RememberDeadLetter, useFactory: () => new RememberDeadLetter() },
  {
    provide: ListDeadLetters,
    useFactory: (dataSource: DataSource) => new ListDeadLetters(dataSource),
    inject: [DataSource],
  },
  { provide: RecentFacts, useFactory: (kept: KeptFacts) => new RecentFacts(kept), inject: [KeptFacts] },
  {
    provide: STREAM_LIMITS,
    useFactory: (): StreamLimits => ({
      heartbeatMs: config.GITWAY_EVENTS_HEARTBEAT,
      stallMs: config.GITWAY_EVENTS_STALL,
      maxReaders: 500,
    }),
  },
];

const commands: Provider[] = [
  {
    provide: RequestCommand,
    useFactory: (unitOfWork: UnitOfWork, kept: KeptFacts, clock: Clock) =>
      new RequestCommand(unitOfWork, kept, () => clock.now()),
    inject: [UnitOfWork, KeptFacts, Clock],
  },
  { provide: CheckTarget, useFactory: (upstreams: Upstreams) => new CheckTarget(upstreams), inject: [Upstreams] },
  { provide: ListAudit, useFactory: (dataSource: DataSource) => new ListAudit(dataSource), inject: [DataSource] },
];
