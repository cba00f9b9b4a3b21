import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { createHash } from 'node:crypto';
import type { Behaviour, UpstreamName } from '../case.ts';
import { startAuthServer } from './auth-server.ts';
import { certificateOf } from './certificates.ts';
import { startDeafServer } from './deaf-server.ts';

/** One request as an upstream saw it. */
export interface Seen {
  readonly upstream: UpstreamName;
  readonly protocol: 'http1' | 'h2';
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  body: string;
  /** Over TLS: the name that was asked for, and the common name of the client's certificate. */
  readonly serverName: string | null;
  readonly client: string | null;
}

/** What is known of one call while it is under way. */
export interface CallOrder {
  readonly seen: Seen[];
  /** What this upstream does at its n-th attempt, from 0. */
  behaviour(upstream: UpstreamName, attempt: number): Behaviour;
  /** Answers once so many other calls of the step were answered. */
  answers(count: number): Promise<void>;
  /** Answers once another snapshot was applied. */
  applied(): Promise<void>;
  /** Told when an upstream has the call. */
  arrived(): void;
  /** Answers once the client has read this text. */
  read(text: string): Promise<void>;
}

export const UPSTREAM_HEADER = 'conformance-upstream';
const callMark = /call-[0-9a-f]{12}/g;

type Asked = IncomingMessage | Http2ServerRequest;
type Answer = ServerResponse | Http2ServerResponse;

/** The upstreams of all cases. A call is known by its mark, wherever in its head that stands. */
export class Upstreams {
  readonly ports = {} as Record<UpstreamName, number>;
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly calls = new Map<string, CallOrder>();
  private readonly health = new Map<string, number>();
  private readonly checks = new Map<string, number>();
  private readonly closing: (() => Promise<void>)[] = [];

  static async start(): Promise<Upstreams> {
    const upstreams = new Upstreams();
    for (const name of ['a', 'b', 'c', 'd'] as const) await upstreams.listen(name, upstreams.http1(name));
    await upstreams.listen(
      'h2',
      createHttp2Server((asked, answer) => upstreams.answered('h2', asked, answer)),
    );
    const { certificate: cert, key } = certificateOf('upstream');
    for (const name of ['tls', 'mtls'] as const) {
      const asks = name === 'tls' ? {} : { requestCert: true, ca: certificateOf('ca').certificate };
      const answer = (asked: Asked, given: Answer) => upstreams.answered(name, asked, given);
      await upstreams.listen(name, createTlsServer({ cert, key, ...asks }, answer));
    }
    for (const [name, start] of [
      ['deaf', startDeafServer],
      ['auth', startAuthServer],
    ] as const) {
      const server = await start();
      upstreams.ports[name] = server.port;
      upstreams.closing.push(() => server.close());
    }
    // The first privileged port: no process of a test can come to listen there.
    upstreams.ports.dead = 1;
    return upstreams;
  }

  expect(mark: string, order: CallOrder): void {
    this.calls.set(mark, order);
  }

  forget(mark: string): void {
    this.calls.delete(mark);
  }

  setHealth(id: string, upstream: UpstreamName, status: number): void {
    this.health.set(`${id} ${upstream}`, status);
  }

  checksOf(id: string, upstream: UpstreamName): number {
    return this.checks.get(`${id} ${upstream}`) ?? 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([
      ...this.closing.map((close) => close()),
      ...this.servers.map(async (server) => {
        server.close();
        await once(server, 'close');
      }),
    ]);
  }

  private http1(name: UpstreamName): Server {
    const server = createServer((asked, answer) => this.answered(name, asked, answer));
    server.keepAliveTimeout = 0;
    server.on('upgrade', (asked: IncomingMessage, socket: Socket) => {
      this.note(name, asked);
      const accept = createHash('sha1')
        .update(`${String(asked.headers['sec-websocket-key'])}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\n${UPSTREAM_HEADER}: ${name}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      socket.pipe(socket);
    });
    return server;
  }

  private async listen(name: UpstreamName, server: Server): Promise<void> {
    this.servers.push(server);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.ports[name] = (server.address() as AddressInfo).port;
  }

  private note(upstream: UpstreamName, asked: Asked): { seen: Seen; orders: CallOrder[]; attempt: number } {
    const headers = pairs(asked.rawHeaders);
    const seen: Seen = {
      upstream,
      protocol: asked.httpVersionMajor === 2 ? 'h2' : 'http1',
      method: asked.method ?? '',
      path: asked.url ?? '',
      headers,
      body: '',
      ...tlsOf(asked.socket),
    };
    const marks = new Set(JSON.stringify([seen.path, headers]).match(callMark) ?? []);
    const orders = [...marks].flatMap((mark) => this.calls.get(mark) ?? []);
    const attempt = orders[0]?.seen.filter((other) => other.upstream === upstream).length ?? 0;
    for (const order of orders) order.seen.push(seen);
    return { seen, orders, attempt };
  }

  private answered(upstream: UpstreamName, asked: Asked, answer: Answer): void {
    this.answer(upstream, asked, answer).catch((error: unknown) => {
      answer.statusCode = 500;
      answer.end(`the suite's upstream failed: ${String(error)}`);
    });
  }

  private async answer(upstream: UpstreamName, asked: Asked, answer: Answer): Promise<void> {
    const health = /^\/health\/([^/?]+)$/.exec(asked.url ?? '')?.[1];
    if (health !== undefined) {
      const key = `${health} ${upstream}`;
      this.checks.set(key, (this.checks.get(key) ?? 0) + 1);
      answer.statusCode = this.health.get(key) ?? 200;
      answer.end();
      return;
    }
    const { seen, orders, attempt } = this.note(upstream, asked);
    asked.on('error', () => asked.destroy());
    try {
      for await (const piece of asked) seen.body += (piece as Buffer).toString('latin1');
    } catch {
      return;
    }
    const [order] = orders;
    const behaviour = order?.behaviour(upstream, attempt) ?? {};
    order?.arrived();
    if (order !== undefined && behaviour.afterApply === true) await order.applied();
    if (order !== undefined && behaviour.afterAnswers !== undefined) await order.answers(behaviour.afterAnswers);
    await behave(upstream, behaviour, asked, answer, order);
  }
}

async function behave(
  upstream: UpstreamName,
  { status = 200, headers = {}, body, pieces, act, trailers }: Behaviour,
  asked: Asked,
  answer: Answer,
  order: CallOrder | undefined,
): Promise<void> {
  if (act === 'hang' && pieces === undefined) return;
  if (act === 'close') return void asked.socket.destroy();
  if (act === 'garbage') return void asked.socket.end('SSH-2.0-nonsense\r\n\r\n');
  answer.statusCode = status;
  answer.setHeader(UPSTREAM_HEADER, upstream);
  for (const [name, value] of Object.entries(headers)) answer.setHeader(name, value);
  const write = (text: string) => (answer as ServerResponse).write(text);
  if (act === 'cut') {
    answer.setHeader('content-length', '1000');
    write('cut');
    return void setImmediate(() => asked.socket.destroySoon());
  }
  for (const piece of pieces ?? []) {
    write(piece);
    await order?.read(piece);
  }
  if (act === 'hang') return;
  if (pieces !== undefined) return void answer.end();
  if (!answer.hasHeader('content-type')) answer.setHeader('content-type', 'text/plain');
  const text = body ?? upstream;
  if (trailers !== undefined) {
    (answer as Http2ServerResponse).addTrailers(trailers);
    return void answer.end(text);
  }
  if (status !== 204 && status !== 304) answer.setHeader('content-length', Buffer.byteLength(text));
  answer.end(text);
}

function tlsOf(socket: Asked['socket']): Pick<Seen, 'serverName' | 'client'> {
  if (!(socket instanceof TLSSocket)) return { serverName: null, client: null };
  const { subject } = socket.getPeerCertificate();
  const name = (socket as TLSSocket & { servername?: string | false }).servername;
  return {
    serverName: name === undefined || name === false ? null : name,
    client: (subject?.CN as string | undefined) ?? null,
  };
}

export function pairs(raw: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) found.push([raw[index]!.toLowerCase(), raw[index + 1]!]);
  return found;
}
