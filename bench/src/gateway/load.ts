import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly port: number;
  /** Whole requests as bytes; sent in turn, over connections that are kept. */
  readonly requests: readonly Buffer[];
  readonly connections: number;
  readonly forMs: number;
  /** Requests per second over all connections; as fast as answers come when not given. */
  readonly perSecond?: number;
}

export interface LoadResult {
  /** Status → answers. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly answers: number;
  readonly seconds: number;
  /** From when a request was due to its last byte, in milliseconds. */
  readonly latencies: readonly number[];
}

/** A client that costs little, so that two cores are left to what is measured. Answers must state their length. */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { connections, forMs, perSecond } = options;
  const statuses = new Map<number, number>();
  const latencies: number[] = [];
  const began = performance.now();
  const until = began + forMs;
  const everyMs = perSecond === undefined ? 0 : (connections * 1000) / perSecond;
  let next = 0;
  const take = () => options.requests[next++ % options.requests.length] as Buffer;
  await Promise.all(
    Array.from({ length: connections }, (_, index) => {
      const connection = new Connection(options.port);
      const firstDue = began + (everyMs * index) / connections;
      return connection.run(take, { until, firstDue, everyMs }, (status, ms) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        latencies.push(ms);
      });
    }),
  );
  return { statuses, answers: latencies.length, seconds: (performance.now() - began) / 1000, latencies };
}

interface Pace {
  readonly until: number;
  readonly firstDue: number;
  /** 0: the next request follows the answer. */
  readonly everyMs: number;
}

class Connection {
  private readonly socket: Socket;
  private pending: Buffer = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
  }

  run(take: () => Buffer, pace: Pace, answered: (status: number, ms: number) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      let due = pace.firstDue;
      const send = () => {
        if (performance.now() >= pace.until) return void this.socket.end(resolve);
        if (pace.everyMs === 0) due = performance.now();
        return void this.socket.write(take());
      };
      const sendWhenDue = () => {
        const early = due - performance.now();
        if (early > 1) setTimeout(send, early);
        else send();
      };
      this.socket.on('connect', sendWhenDue);
      this.socket.on('error', reject);
      this.socket.on('close', () => reject(new Error('the gateway closed a connection under load')));
      this.socket.on('data', (piece: Buffer) => {
        const status = this.take(piece);
        if (status === null) return;
        answered(status, performance.now() - due);
        due += pace.everyMs;
        sendWhenDue();
      });
    });
  }

  /** The status of an answer that is whole, else null. */
  private take(piece: Buffer): number | null {
    this.pending = this.pending.length === 0 ? piece : Buffer.concat([this.pending, piece]);
    const head = this.pending.indexOf('\r\n\r\n');
    if (head < 0) return null;
    const text = this.pending.toString('latin1', 0, head);
    const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
    if (length === undefined) throw new Error(`an answer without a length: ${text}`);
    if (this.pending.length < head + 4 + Number(length)) return null;
    this.pending = Buffer.alloc(0);
    return Number(text.slice(9, 12));
  }
}
