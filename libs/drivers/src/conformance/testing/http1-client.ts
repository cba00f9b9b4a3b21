import type { Socket } from 'node:net';
import { certificateShown, connectionOf, type TlsWanted } from './connection.ts';

export interface WireAnswer {
  readonly status: number;
  /** In order, names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Everything that came. */
  readonly text: string;
  /** Over TLS: the common name of the server's certificate. */
  readonly certificate?: string;
  /** Over HTTP/2. */
  readonly trailers?: readonly (readonly [name: string, value: string])[];
}

export interface WireRequest {
  readonly host: string;
  readonly port: number;
  readonly from?: string;
  readonly bytes: string;
  readonly method: string;
  readonly talk?: readonly { readonly send: string; readonly until: string }[];
  /** Half-closes the connection behind the bytes, so that nothing waits for more of them. */
  readonly end?: boolean;
  onText?(text: string): void;
  /** ANSWER_WITHIN_MS unless the answer has to wait for something. */
  readonly withinMs?: number;
  /** An open connection to use, which is left open. */
  readonly socket?: Socket;
  readonly tls?: TlsWanted;
}

/** How the failure of a call begins whose connection stayed open. */
export const SILENT = 'no answer within';
export const ANSWER_WITHIN_MS = 5000;
const endOfHead = '\r\n\r\n';

/** Sends bytes and reads one answer (informational ones are passed over); each call has a connection of its own unless given one. */
export function wireCall(asked: WireRequest): Promise<WireAnswer> {
  const { bytes, method, talk = [], end = false, onText, withinMs = ANSWER_WITHIN_MS } = asked;
  return new Promise((resolve, reject) => {
    const socket = asked.socket ?? connectionOf(asked);
    let text = '';
    let closed = false;
    const turns = [...talk];
    const timer = setTimeout(() => done(new Error(`${SILENT} ${withinMs} ms: ${text}`)), withinMs);
    const done = (result: WireAnswer | Error) => {
      clearTimeout(timer);
      socket.off('data', read).off('error', done).off('close', over);
      if (asked.socket === undefined || result instanceof Error) socket.destroy();
      if (result instanceof Error) reject(result);
      else resolve({ ...result, ...certificateShown(socket) });
    };
    const look = () => {
      try {
        const answer = parsed(text, method, closed);
        if (answer === null) return;
        if (talk.length === 0) return done(answer);
        const [next, ...later] = turns;
        if (next === undefined) return done({ ...answer, body: text.slice(text.indexOf(endOfHead) + 4) });
        if (!text.includes(next.until)) return;
        turns.splice(0, turns.length, ...later);
        if (later[0] !== undefined) socket.write(later[0].send, 'latin1');
        return look();
      } catch (error) {
        done(error as Error);
      }
    };
    const read = (piece: Buffer) => {
      const before = text;
      text += piece.toString('latin1');
      // What is spoken of first is sent as soon as the head has come.
      if (talk.length > 0 && !before.includes(endOfHead) && text.includes(endOfHead)) {
        socket.write(talk[0]!.send, 'latin1');
      }
      onText?.(text);
      look();
    };
    const over = () => {
      closed = true;
      const problem = text === '' ? 'closed without an answer' : `closed in the middle of an answer: ${text}`;
      const answer = parsed(text, method, true);
      done(answer !== null && turns.length === 0 ? answer : new Error(problem));
    };
    socket.on('data', read).on('error', done).on('close', over);
    if (end) socket.end(bytes, 'latin1');
    else socket.write(bytes, 'latin1');
  });
}

/** Null as long as the answer is not whole. */
function parsed(text: string, method: string, closed: boolean): WireAnswer | null {
  let rest = text;
  for (;;) {
    const end = rest.indexOf(endOfHead);
    if (end < 0) return null;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? NaN);
    if (Number.isNaN(status)) throw new Error(`what came is no HTTP answer: ${first}`);
    rest = rest.slice(end + endOfHead.length);
    if (status >= 100 && status < 200 && status !== 101) continue;
    const headers = lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    const body = bodyOf(rest, status, method, headers, closed);
    return body === null ? null : { status, headers, body, text };
  }
}

function bodyOf(
  rest: string,
  status: number,
  method: string,
  headers: readonly (readonly [string, string])[],
  closed: boolean,
): string | null {
  if (method === 'HEAD' || status === 101 || status === 204 || status === 304) return '';
  const value = (name: string) => headers.find(([given]) => given === name)?.[1];
  if (value('transfer-encoding')?.includes('chunked') === true) return dechunked(rest);
  const length = value('content-length');
  if (length !== undefined) return rest.length >= Number(length) ? rest.slice(0, Number(length)) : null;
  return closed ? rest : null;
}

function dechunked(given: string): string | null {
  let rest = given;
  let body = '';
  for (;;) {
    const line = rest.indexOf('\r\n');
    if (line < 0) return null;
    const size = Number.parseInt(rest.slice(0, line), 16);
    if (Number.isNaN(size)) throw new Error(`a chunk has no length: ${rest.slice(0, 40)}`);
    rest = rest.slice(line + 2);
    if (rest.length < size + 2) return null;
    if (size === 0) return body;
    body += rest.slice(0, size);
    rest = rest.slice(size + 2);
  }
}
