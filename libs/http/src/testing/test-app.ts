import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { Module, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configureHttp, HealthModule, InternalTokenGuard, type HttpOptions, type MetricsText } from '../index.ts';

export const token = 'internal-token-of-this-test';

@Module({})
class TestModule {}

export interface TestApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly logged: string[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  post(path: string, body: string | Uint8Array, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** A Nest application with these controllers, set up as every service is, on a free port. */
export async function startTestApp(
  controllers: Type[],
  options: HttpOptions & { metrics?: MetricsText } = {},
): Promise<TestApp> {
  const module = {
    module: TestModule,
    controllers,
    imports: [HealthModule.forRoot({ metrics: options.metrics ?? (() => '') })],
    providers: [
      {
        provide: APP_GUARD,
        useFactory: (reflector: Reflector) => new InternalTokenGuard(token, reflector),
        inject: [Reflector],
      },
    ],
  };
  const logged: string[] = [];
  const app = await NestFactory.create<NestExpressApplication>(module, {
    bodyParser: false,
    logger: false,
  });
  configureHttp(app, { ...options, logFailure: (_, message) => void logged.push(message) });
  await app.listen(0, '127.0.0.1');
  const server: Server = app.getHttpServer();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    app,
    url,
    logged,
    get: (path, headers = { 'gitway-internal-token': token }) => fetch(url + path, { headers }),
    post: (path, body, headers = { 'gitway-internal-token': token, 'content-type': 'application/json' }) =>
      fetch(url + path, { method: 'POST', body: typeof body === 'string' ? body : new Blob([body]), headers }),
    close: () => app.close(),
  };
}
