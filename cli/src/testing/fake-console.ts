import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fact } from '@gitway/contracts';

export const token = 'token-of-the-cli-specs';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** A console in miniature: a real HTTP server with the same routes' shapes, a stream of facts, and a memory of what it was asked. */
export class FakeConsole {
  readonly asked: Asked[] = [];
  readonly facts: Fact[] = [];
  answers: Record<string, unknown> = {};
  /** Called for each command, before the 202. */
  onCommand: (asked: Asked, ids: { event: string; correlation: string }) => void = () => undefined;
  silent = false;
  /** Drops every connection at its request, as a platform does that is being restarted. */
  away = false;
  /** Answers with this status instead. */
  refusals: Record<string, number> = {};
  private readonly streams = new Set<ServerResponse>();
  private server: Server | null = null;
  url = '';

  async start(): Promise<void> {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url ?? '/', 'http://console');
        const text = Buffer.concat(chunks).toString();
        const asked = {
          method: request.method ?? '',
          path: pathname,
          query: searchParams,
          body: text === '' ? null : (JSON.parse(text) as unknown),
        };
        this.asked.push(asked);
        if (this.silent) return;
        if (this.away) {
          response.destroy();
          return;
        }
        if (request.headers.authorization !== `Bearer ${token}`) {
          const title = 'Token required';
          this.reply(response, 401, { type: 'urn:gitway:problem:token-required', title, status: 401 });
        } else if (pathname in this.refusals) {
          const status = this.refusals[pathname]!;
          this.reply(response, status, { type: 'urn:gitway:problem:refused', title: 'Refused', status });
        } else if (pathname === '/api/events')
          this.stream(response, Number(searchParams.get('after') ?? this.facts.length));
        else if (asked.method === 'POST') this.command(asked, response);
        else if (pathname in this.answers) this.reply(response, 200, this.answers[pathname]);
        else {
          const detail = `no ${pathname} here`;
          this.reply(response, 404, { type: 'urn:gitway:problem:unknown', title: 'Unknown', status: 404, detail });
        }
      });
    });
    await new Promise<void>((resolve) => this.server!.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise<void>((resolve) => (this.server === null ? resolve() : this.server.close(() => resolve())));
  }

  state(fact: Fact): void {
    this.facts.push(fact);
    for (const stream of this.streams) this.send(stream, this.facts.length);
  }

  /** Ends every stream without a word, as a proxy or a restart does. */
  breakStreams(): void {
    for (const stream of this.streams) stream.destroy();
  }

  get readers(): number {
    return this.streams.size;
  }

  reset(): void {
    this.breakStreams();
    this.streams.clear();
    this.asked.length = 0;
    this.facts.length = 0;
    this.answers = {};
    this.onCommand = () => undefined;
    this.silent = false;
    this.away = false;
    this.refusals = {};
  }

  private command(asked: Asked, response: ServerResponse): void {
    const ids = { event: `event-${this.asked.length}`, correlation: `story-${this.asked.length}` };
    const after = String(this.facts.length);
    this.onCommand(asked, ids);
    this.reply(response, 202, { ...ids, after });
  }

  private stream(response: ServerResponse, after: number): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 1000\n: gitway facts\n\n');
    for (let sequence = after + 1; sequence <= this.facts.length; sequence++) this.send(response, sequence);
    this.streams.add(response);
    response.on('close', () => this.streams.delete(response));
  }

  private send(response: ServerResponse, sequence: number): void {
    response.write(`id: ${sequence}\ndata: ${JSON.stringify(this.facts[sequence - 1])}\n\n`);
  }

  private reply(response: ServerResponse, status: number, json: unknown): void {
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(json));
  }
}
