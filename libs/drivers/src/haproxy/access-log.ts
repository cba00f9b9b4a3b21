/**
 * One JSON object per request. Every text that a client can choose goes through `json(utf8s)`, which escapes control
 * characters, quotes and invalid UTF-8, and is cut before, so that a line is always whole, one line, and under the
 * limit of the log (`len` below): at most 6 bytes for each of 1024 + 32 + 128, and 8 for each of 1000 of headers, which
 * are an object written as a text within the text, since there may be none.
 */
export const LOG_TARGET = 'log stdout len 16384 format raw local0 info';

export const logFormat = (gateway: string) =>
  '{"t":%Ts%ms,"Th":%Th,"Ti":%Ti,"TR":%TR,"Tw":%Tw,"Tc":%Tc,"Tr":%Tr,"Ta":%Ta,"status":%ST,"in":%U,"out":%B,' +
  '"end":"%ts","method":"%[capture.req.method,bytes(0,32),json(utf8s)]",' +
  '"path":"%[var(txn.path),bytes(0,1024),json(utf8s)]","api":"%[var(txn.api)]","consumer":"%[var(txn.consumer)]",' +
  '"id":"%[var(txn.id)]","trace":"%[var(txn.trace)]","backend":"%b","server":"%s","rev":"%[var(txn.rev)]",' +
  `"version":"%[var(txn.version)]","gateway":"${gateway}","why":"%[var(txn.why)]","share":"%[var(txn.share)]",` +
  '"audit":"%[var(txn.audit)]","headers":"%[var(txn.headers),json(utf8s)]"}';

/** One request as HAProxy logged it. Times in milliseconds, -1 where the phase was not reached. */
export interface AccessRecord {
  /** When the request's first byte arrived, milliseconds since the epoch. */
  readonly at: number;
  readonly api: string | null;
  readonly consumer: string | null;
  readonly method: string;
  /** Without the query; cut at 1024 bytes. */
  readonly path: string;
  readonly status: number;
  readonly queueMs: number;
  readonly connectMs: number;
  readonly upstreamMs: number;
  readonly totalMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly termination: string;
  readonly answeredBy: 'upstream' | 'gateway';
  readonly requestId: string;
  readonly traceId: string | null;
  /** Says which revision of the API it was, shortly. */
  readonly version: string | null;
  /** Share of calls like this one that are written; 1: all. */
  readonly share: number;
  readonly audited: boolean;
  /** Those that the API asks for and the call had; a value may be cut. */
  readonly headers: Readonly<Record<string, string>>;
  readonly snapshot: string | null;
  /** Why the caller was not let in: the slug of the answer. */
  readonly refusal: string | null;
}

/** Null for what is not a line of ours: HAProxy's own messages share the file and never begin with `{`. */
export function parseAccessLine(line: string): AccessRecord | null {
  if (!line.startsWith('{')) return null;
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
  const number = (name: string, least: number) => {
    const value = raw[name];
    return typeof value === 'number' && Number.isFinite(value) ? Math.max(least, value) : least;
  };
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value !== '-' && value !== '' ? value : null;
  };
  if (typeof raw['t'] !== 'number' || typeof raw['status'] !== 'number') return null;
  const snapshot = text('rev');
  return {
    at: Math.trunc(raw['t'] + number('Th', 0) + number('Ti', 0)),
    api: text('api'),
    consumer: text('consumer'),
    method: text('method') ?? '',
    path: text('path') ?? '',
    status: Math.max(0, raw['status']),
    queueMs: number('Tw', -1),
    connectMs: number('Tc', -1),
    upstreamMs: number('Tr', -1),
    totalMs: number('Ta', -1),
    bytesIn: number('in', 0),
    bytesOut: number('out', 0),
    termination: text('end') ?? '--',
    answeredBy: number('Tr', -1) >= 0 ? 'upstream' : 'gateway',
    requestId: text('id') ?? '',
    traceId: text('trace'),
    version: text('version'),
    share: shareOf(text('share')),
    audited: text('audit') === 'metadata',
    headers: headersIn(text('headers')),
    snapshot: snapshot?.startsWith('sha256-') === true ? snapshot : null,
    refusal: text('why'),
  };
}

function shareOf(text: string | null): number {
  const share = Number(text ?? 1);
  return share > 0 && share <= 1 ? share : 1;
}

/** Members of an object without its braces. */
function headersIn(text: string | null): Record<string, string> {
  if (text === null) return {};
  try {
    const members = Object.entries(JSON.parse(`{${text}}`) as Record<string, unknown>);
    return Object.fromEntries(
      members.filter((member): member is [string, string] => typeof member[1] === 'string' && member[1] !== '-'),
    );
  } catch {
    return {};
  }
}
