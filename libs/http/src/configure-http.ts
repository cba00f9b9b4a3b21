import type { IncomingMessage, Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { closeGracefully } from './graceful-close.ts';
import { ProblemFilter, type LogFailure } from './problem.filter.ts';
import { RouteInterceptor } from './route.interceptor.ts';

export interface HttpOptions {
  /** Largest JSON body. */
  readonly jsonLimitBytes?: number;
  /** Largest body below `rawPaths`. */
  readonly rawLimitBytes?: number;
  /** Below these paths the body is handed over as the bytes that came (a Buffer), whatever it claims to be. */
  readonly rawPaths?: readonly string[];
  /** How long requests in hand may take once the service stops. */
  readonly closeGraceMs?: number;
  /** Where this service's own faults are told; the structured log unless said otherwise. */
  readonly logFailure?: LogFailure;
}

/**
 * What every service's HTTP side has in common: problem+json, bounded bodies and bounded patience with slow clients.
 * The application must have been created with `bodyParser: false`.
 */
export function configureHttp(app: NestExpressApplication, options: HttpOptions = {}): void {
  const rawPaths = options.rawPaths ?? ['/webhooks/'];
  const isRaw = (request: IncomingMessage) => rawPaths.some((path) => request.url?.startsWith(path) === true);
  app.disable('x-powered-by');
  app.set('etag', false);
  app.useBodyParser('raw', { type: isRaw, limit: options.rawLimitBytes ?? 1_048_576, inflate: false });
  app.useBodyParser('json', { limit: options.jsonLimitBytes ?? 262_144 });
  app.useGlobalFilters(new ProblemFilter(options.logFailure));
  app.useGlobalInterceptors(new RouteInterceptor());
  const server: Server = app.getHttpServer();
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 65_000;
  closeGracefully(server, options.closeGraceMs ?? 5_000);
}
