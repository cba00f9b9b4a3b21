import { type DatabaseConfig, type JobsConfig, type ServiceConfig } from '@gitway/config';
import type { Owner } from '@gitway/contracts';
import { HealthModule } from '@gitway/http';
import { JobsModule } from '@gitway/jobs';
import {
  ArtifactStore,
  BusFactPublisher,
  BusTrafficLog,
  connectNats,
  Dispatcher,
  FactPublisher,
  GatewayStates,
  Inbox,
  JetStreamBus,
  MessageBus,
  NatsArtifactStore,
  NatsGatewayStates,
  TrafficLog,
  UnitOfWork,
} from '@gitway/messaging';
import {
  type Abstract,
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
  type Type,
} from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { Clock, SystemClock } from './clock.ts';
import { openDatabase } from './open-database.ts';
import { CONFIG, NATS_CONNECTION, SERVICE_NAME } from './tokens.ts';
import { Lifecycle } from './lifecycle.ts';

export interface ServiceOptions {
  readonly name: Owner;
  readonly config: ServiceConfig & Partial<DatabaseConfig> & JobsConfig;
  /** Left out by services without a database. */
  readonly database?: {
    readonly entities: EntityTarget<ObjectLiteral>[];
    readonly migrations: (new () => MigrationInterface)[];
  };
  /** Whether it has work that it owes itself later (`JobQueues`); needs a database. */
  readonly jobs?: boolean;
}

/**
 * What every service stands on, for the whole application: its configuration (`CONFIG`), the bus and what lies on it,
 * its database with outbox and inbox, its jobs, health and the clock.
 */
@Module({})
export class ServiceModule {
  static forRoot(options: ServiceOptions): DynamicModule {
    const { name, config, database } = options;
    const providers: Exclude<Provider, Type<unknown>>[] = [
      { provide: SERVICE_NAME, useValue: name },
      { provide: CONFIG, useValue: config },
      { provide: Clock, useClass: SystemClock },
      {
        provide: NATS_CONNECTION,
        useFactory: () =>
          connectNats({
            url: config.GITWAY_NATS_URL,
            user: config.GITWAY_NATS_USER ?? name,
            password: config.GITWAY_NATS_PASSWORD,
          }),
      },
      fromNats(MessageBus, JetStreamBus),
      fromNats(ArtifactStore, NatsArtifactStore),
      fromNats(GatewayStates, NatsGatewayStates),
      { provide: TrafficLog, useFactory: (bus: MessageBus) => new BusTrafficLog(bus), inject: [MessageBus] },
      { provide: FactPublisher, useFactory: (bus: MessageBus) => new BusFactPublisher(bus), inject: [MessageBus] },
    ];
    const imports: NonNullable<ModuleMetadata['imports']> = [HealthModule.forRoot()];
    if (database === undefined) {
      providers.push({
        provide: Dispatcher,
        useFactory: (bus: MessageBus) => new Dispatcher(name, bus, null),
        inject: [MessageBus],
      });
    } else {
      providers.push(
        { provide: DataSource, useFactory: () => openDatabase(config, database) },
        { provide: UnitOfWork, useFactory: (source: DataSource) => new UnitOfWork(source), inject: [DataSource] },
        { provide: Inbox, useFactory: (source: DataSource) => new Inbox(source), inject: [DataSource] },
        {
          provide: Dispatcher,
          useFactory: (bus: MessageBus, unitOfWork: UnitOfWork, inbox: Inbox) =>
            new Dispatcher(name, bus, { unitOfWork, inbox }),
          inject: [MessageBus, UnitOfWork, Inbox],
        },
      );
      if (options.jobs === true) {
        imports.push(
          JobsModule.forRoot({
            databaseUrl: config.GITWAY_DATABASE_URL as string,
            redisUrl: config.REDIS_URL,
            prefix: name,
          }),
        );
      }
    }
    return {
      module: ServiceModule,
      global: true,
      imports,
      providers: [...providers, Lifecycle],
      exports: providers.map((provider) => provider.provide),
    };
  }
}

/** A provider for one of the things that live on the NATS connection. */
function fromNats<T>(token: Abstract<T>, implementation: new (connection: NatsConnection) => T): FactoryProvider<T> {
  return {
    provide: token,
    useFactory: (connection: NatsConnection) => new implementation(connection),
    inject: [NATS_CONNECTION],
  };
}
