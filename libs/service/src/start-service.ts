import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import type { ServiceConfig } from '@gitway/config';
import type { Owner } from '@gitway/contracts';
import { exitCodes, messageOf } from '@gitway/errors';
import { configureHttp, type HttpOptions, InternalTokenGuard } from '@gitway/http';
import { BusTransport, Dispatcher, MessageBus } from '@gitway/messaging';
import { logger, NestLogger, setLogLevel, stopTelemetry } from '@gitway/observability';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

export interface StartOptions {
  readonly name: Owner;
  readonly config: ServiceConfig;
  readonly http?: HttpOptions;
  /** The console guards its surface by itself. Default: only the internal token opens. */
  readonly internalOnly?: boolean;
}

export interface RunningService {
  readonly app: NestExpressApplication;
  readonly port: number;
  stop(): Promise<void>;
}

const log = logger('service');

/** Brings a service up: HTTP, handlers, outbox, jobs. Resolves when it takes work. */
export async function createService(module: Type | DynamicModule, options: StartOptions): Promise<RunningService> {
  const { name, config } = options;
  setLogLevel(config.GITWAY_LOG_LEVEL);
  const app = await NestFactory.create<NestExpressApplication>(module, {
    logger: new NestLogger(),
    bodyParser: false,
    abortOnError: false,
  });
  configureHttp(app, options.http ?? {});
  if (options.internalOnly !== false) {
    app.useGlobalGuards(new InternalTokenGuard(config.GITWAY_INTERNAL_TOKEN, app.get(Reflector)));
  }
  app.connectMicroservice({ strategy: new BusTransport(name, app.get(MessageBus), app.get(Dispatcher)) });
  try {
    await app.startAllMicroservices();
    await app.listen(config.GITWAY_HTTP_PORT, config.GITWAY_HTTP_HOST);
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  log.info({ service: name, port, pid: process.pid }, 'ready');
  return { app, port, stop: () => app.close() };
}

/** A service as a process: starts it, ends it on SIGTERM or SIGINT after what is in hand, and never half lives. */
export async function startService(module: Type | DynamicModule, options: StartOptions): Promise<void> {
  process.on('unhandledRejection', (reason) => {
    log.fatal({ err: reason }, 'a promise was rejected and nobody was there: ending, to be started anew');
    process.exit(exitCodes.internal);
  });
  let running: RunningService;
  try {
    running = await createService(module, options);
  } catch (error) {
    log.fatal({ err: error }, `${options.name} cannot start: ${messageOf(error)}`);
    process.exitCode = exitCodes.internal;
    setTimeout(() => process.exit(), 500).unref();
    return;
  }
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error('could not stop in time; ending at once');
      process.exit(exitCodes.internal);
    }, 10_000).unref();
    running
      .stop()
      .then(() => stopTelemetry())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stopping failed');
          process.exit(exitCodes.internal);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
