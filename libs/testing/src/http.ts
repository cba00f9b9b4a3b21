import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface TestUpstream {
  readonly port: number;
  readonly seen: SeenRequest[];
  close(): Promise<void>;
}

/** An upstream that says its name and keeps what it was asked. */
export async function startTestUpstream(name: string): Promise<TestUpstream> {
  const seen: SeenRequest[] = [];
  const server: Server = createServer((asked, answer) => {
    seen.push({ method: asked.method ?? '', url: asked.url ?? '', headers: asked.headers });
    answer.setHeader('content-type', 'text/plain').end(name);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request with the path exactly as given (no normalising) on a connection of its own. */
export async function httpCall(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<HttpAnswer> {
  const asked = request({ host: '127.0.0.1', port, path, method, headers, agent: false, timeout: 5000 });
  asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s')));
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  let body = '';
  for await (const piece of answer.setEncoding('utf8')) body += piece as string;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}
