import { Agent, request } from 'node:http';

export interface Call {
  /** Milliseconds since the epoch at which it was sent. */
  readonly at: number;
  /** 0 where no answer came. */
  readonly status: number;
  readonly ms: number;
  readonly error: string | null;
}

export interface TrafficTarget {
  /** Of the gateway. */
  readonly url: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 10_000;
const KEPT = 50_000;

/** One request through a gateway, on a kept connection when an agent is given. */
export function call(target: TrafficTarget, agent?: Agent): Promise<Call & { body: string }> {
  const at = Date.now();
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (status: number, error: string | null, body = '') =>
      resolve({ at, status, error, body, ms: performance.now() - started });
    const sent = request(
      new URL(target.path, target.url),
      { headers: target.headers ?? {}, timeout: TIMEOUT_MS, agent: agent ?? false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('end', () => end(response.statusCode ?? 0, null, body));
        response.on('error', (error) => end(0, error.message));
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.on('error', (error) => end(0, error.message));
    sent.end();
  });
}

/** Steady calls, so many a second, until it is stopped. */
export class Traffic {
  readonly calls: Call[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly timer: NodeJS.Timeout;
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly target: TrafficTarget,
    perSecond: number,
  ) {
    this.timer = setInterval(() => this.send(), 1000 / perSecond);
  }

  /** Calls sent since that instant. */
  since(at: number): Call[] {
    return this.calls.filter((one) => one.at >= at);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
    this.agent.destroy();
  }

  private send(): void {
    const sent = call(this.target, this.agent).then(({ body: _body, ...result }) => {
      this.calls.push(result);
      if (this.calls.length > KEPT) this.calls.shift();
      this.underWay.delete(sent);
    });
    this.underWay.add(sent);
  }
}
