import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export type Answer = { status?: number; json?: unknown; text?: string; type?: string } | 'hang';

/** A service behind the console: a real HTTP server that answers what a test says and remembers what it was asked. */
export class FakeService {
  readonly seen: SeenRequest[] = [];
  answer: (request: SeenRequest) => Answer = () => ({ json: { items: [] } });
  private server: Server | null = null;
  url = '';

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks),
        };
        this.seen.push(seen);
        const answer = this.answer(seen);
        if (answer === 'hang') return;
        response.writeHead(answer.status ?? 200, { 'content-type': answer.type ?? 'application/json' });
        response.end(answer.text ?? JSON.stringify(answer.json));
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server === null ? resolve() : this.server.close(() => resolve())));
  }
}
