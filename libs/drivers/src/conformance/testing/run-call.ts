import { randomBytes } from 'node:crypto';
import { filled, hostOf, keyOf, type Surroundings } from '../build.ts';
import type { Behaviour, CallStep, RequestOf, UpstreamName } from '../case.ts';
import type { Outcome } from './expectations.ts';
import { wireCall, type WireAnswer } from './http1-client.ts';
import { http2Call } from './http2-client.ts';
import type { RunningGateway } from './runner.ts';
import type { Seen, Upstreams } from './upstreams.ts';

export interface Running {
  readonly gateway: RunningGateway;
  readonly upstreams: Upstreams;
  readonly around: Surroundings;
  /** Cookies that the latest answer with any has set. */
  readonly cookies: Map<string, string>;
}

/** What has come about in a step, for those calls that wait for it. */
export class Progress {
  private answers = 0;
  private applied = false;
  private readonly waiting = new Set<() => void>();

  answered(): void {
    this.answers += 1;
    for (const look of this.waiting) look();
  }

  wasApplied(): void {
    this.applied = true;
    for (const look of this.waiting) look();
  }

  untilAnswers(count: number): Promise<void> {
    return this.until(() => this.answers >= count);
  }

  untilApplied(): Promise<void> {
    return this.until(() => this.applied);
  }

  private until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    return new Promise((go) => {
      const look = () => {
        if (!holds()) return;
        this.waiting.delete(look);
        go();
      };
      this.waiting.add(look);
    });
  }
}

export async function runCall(
  step: CallStep,
  running: Running,
  progress = new Progress(),
  turn = 0,
  arrived: () => void = () => undefined,
): Promise<Outcome> {
  const { upstreams, around } = running;
  const mark = `call-${randomBytes(6).toString('hex')}`;
  const send = filled(typeof step.send === 'string' ? { line: step.send } : step.send, around, (name) =>
    name === 'call' ? mark : turnOf(name, turn),
  );
  const seen: Seen[] = [];
  let received = '';
  const readers: (() => void)[] = [];
  const plan = (upstream: UpstreamName): readonly Behaviour[] =>
    [filled(step.at?.[upstream] ?? step.upstream ?? {}, around)].flat();
  upstreams.expect(mark, {
    seen,
    behaviour: (upstream, attempt) => plan(upstream)[Math.min(attempt, plan(upstream).length - 1)] ?? {},
    answers: (count) => progress.untilAnswers(count),
    applied: () => progress.untilApplied(),
    arrived,
    read: async (text) => {
      while (!received.includes(text)) await new Promise<void>((resolve) => readers.push(resolve));
    },
  });
  const onText = (text: string) => {
    received = text;
    for (const go of readers.splice(0)) go();
  };
  try {
    const answer = await sent(
      withId(send, step, mark),
      mark,
      running,
      onText,
      step.during === undefined ? {} : { withinMs: APPLIED_WITHIN_MS },
    );
    for (const [name, value] of answer.headers) {
      const [, cookie, content] = (name === 'set-cookie' && /^([^=]+)=([^;]*)/.exec(value)) || [];
      if (cookie !== undefined && content !== undefined) running.cookies.set(cookie, content);
    }
    const wantsLog = typeof step.expect === 'object' && step.expect.log !== undefined;
    return { answer, failure: null, seen, ...(wantsLog ? { log: await running.gateway.logged(mark) } : {}) };
  } catch (error) {
    return { answer: null, failure: error instanceof Error ? error.message : String(error), seen };
  } finally {
    progress.answered();
    upstreams.forget(mark);
  }
}

/** A call whose line in the log is looked for can be told by its request id. */
const withId = (send: RequestOf, { expect }: CallStep, mark: string): RequestOf =>
  typeof expect === 'object' && expect.log !== undefined
    ? { ...send, headers: { ...send.headers, 'X-Request-Id': mark } }
    : send;

/** `turn.one.two`: one for the first call of a step, two for the second, and so on; `-` stands for a dot. */
function turnOf(name: string, turn: number): string | undefined {
  const [kind, ...values] = name.split('.');
  return kind === 'turn' ? values[turn % values.length]?.replaceAll('-', '.') : undefined;
}

/** A call that waits for another snapshot waits as long as that may take on a machine that is busy. */
const APPLIED_WITHIN_MS = 25_000;

async function sent(
  send: RequestOf,
  mark: string,
  running: Running,
  onText: (text: string) => void,
  patience: { readonly withinMs?: number },
): Promise<WireAnswer> {
  const { id } = running.around;
  const { line = 'GET /', host = hostOf(id), body = '', as, from, listener = 'http', raw, talk, tls, cookies } = send;
  const at = {
    ...running.gateway.address(listener),
    ...(from === undefined ? {} : { from }),
    ...(tls === undefined ? {} : { tls: { name: host, ...tls } }),
  };
  const [method = '', path = ''] = line.split(' ');
  if (raw !== undefined) {
    return wireCall({ ...at, bytes: raw, method: raw.split(' ')[0] ?? '', end: true, onText });
  }
  const headers: [string, string][] = [
    ['Conformance-Call', mark],
    ...(cookies === undefined
      ? []
      : [['Cookie', `${cookies}=${running.cookies.get(cookies) ?? ''}`] as [string, string]]),
    ...(as === undefined ? [] : [['X-Api-Key', keyOf(id, as)] as [string, string]]),
    ...Object.entries(send.headers ?? {}).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  ];
  const given = (name: string) => headers.some(([other]) => other.toLowerCase() === name);
  if (send.http === '2') return http2Call({ ...at, method, path, authority: host, headers, body });
  if (!given('host')) headers.unshift(['Host', host]);
  if (body !== '' && !given('content-length') && !given('transfer-encoding')) {
    headers.push(['Content-Length', String(Buffer.byteLength(body, 'latin1'))]);
  }
  if (talk === undefined) headers.push(['Connection', 'close']);
  const head = [`${line} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return wireCall({
    ...at,
    bytes: `${head}\r\n\r\n${body}`,
    method,
    onText,
    ...patience,
    ...(talk === undefined ? {} : { talk }),
  });
}
