import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface UpstreamOptions {
  readonly name: string;
  /** 0 or missing: a free port. */
  readonly port?: number;
  /** Where every answer but that of `/healthz` is a 500: what a bad release looks like. 0 or missing: a free port. */
  readonly brokenPort?: number;
  readonly host?: string;
}

export interface Upstream {
  readonly url: string;
  readonly brokenUrl: string;
  stop(): Promise<void>;
}

/** A small API that answers any request with what it saw, on one port well and on another badly. */
export async function startUpstream(options: UpstreamOptions): Promise<Upstream> {
  const host = options.host ?? '127.0.0.1';
  const good = await listen(options.port ?? 0, host, (request, response, instance) => {
    answer(request, response, 200, {
      api: options.name,
      method: request.method,
      path: request.url,
      consumer: request.headers['x-gitway-consumer'] ?? null,
      instance,
    });
  });
  const broken = await listen(options.brokenPort ?? 0, host, (request, response, instance) => {
    answer(request, response, 500, { api: options.name, error: 'This release is broken on purpose.', instance });
  });
  return {
    url: good.url,
    brokenUrl: broken.url,
    async stop() {
      await Promise.all([good, broken].map(({ server }) => close(server)));
    },
  };
}

type Handler = (request: IncomingMessage, response: ServerResponse, instance: string) => void;

async function listen(port: number, host: string, handler: Handler): Promise<{ server: Server; url: string }> {
  let instance = '';
  const server = createServer((request, response) => {
    request.resume();
    const path = (request.url ?? '/').split('?')[0];
    if (path === '/healthz') answer(request, response, 200, { status: 'ok', instance });
    else handler(request, response, instance);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  instance = `${host}:${(server.address() as AddressInfo).port}`;
  return { server, url: `http://${instance}` };
}

function answer(request: IncomingMessage, response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
