import type { IncomingMessage } from 'node:http';
import type { TakenFile } from '@gitway/compiler';
import { GitwayError, messageOf } from '@gitway/errors';
import { allowedBy, type AllowedHost } from './allowed-host.ts';
import { getOnce } from './get-once.ts';

export interface FetchLimits {
  readonly maxBytes: number;
  /** For one file, redirects and a second try included. */
  readonly timeoutMs: number;
}

const MAX_REDIRECTS = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
/** What a second try may mend. */
const passing = new Set([429, 502, 503, 504]);

class Unreachable extends Error {
  constructor(
    reason: string,
    readonly mayPass = false,
  ) {
    super(reason);
  }
}

/** Fetches a file of an allowed host; every redirect has to lead to an allowed host as well. Never throws. */
export async function fetchFile(
  url: string,
  hosts: readonly AllowedHost[],
  { maxBytes, timeoutMs }: FetchLimits,
  until: AbortSignal,
): Promise<TakenFile> {
  const own = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([own, until]);
  for (let again = 0; ; again++) {
    try {
      return { bytes: await follow(new URL(url), hosts, maxBytes, signal) };
    } catch (error) {
      if (own.aborted) return { unreachable: `it did not answer within ${timeoutMs / 1_000} s` };
      if (until.aborted) return { unreachable: 'files of other servers took too long together' };
      if (again === 0 && mayPass(error)) continue;
      return { unreachable: reasonOf(error) };
    }
  }
}

async function follow(
  first: URL,
  hosts: readonly AllowedHost[],
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  let url = first;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const allowed = allowedBy(hosts, url.href);
    if (allowed === undefined) throw new Unreachable(`it leads to \`${url.host.slice(0, 100)}\`, which is not allowed`);
    const response = await getOnce(url, allowed, signal);
    const { statusCode = 0, headers } = response;
    if (!redirects.has(statusCode)) return contentOf(response, maxBytes);
    response.destroy();
    const next = locationOf(headers.location, url);
    if (next === undefined) throw new Unreachable('it leads on to what is no https URL, or to one with credentials');
    url = next;
  }
  throw new Unreachable(`it leads on more than ${MAX_REDIRECTS} times`);
}

function locationOf(location: string | undefined, from: URL): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined;
  const url = new URL(location, from);
  const plain = url.username === '' && url.password === '';
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined;
}

async function contentOf(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  try {
    const { statusCode = 0, headers } = response;
    if (statusCode !== 200) throw new Unreachable(`it answered ${statusCode}`, passing.has(statusCode));
    const encoding = headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') throw new Unreachable('it answered compressed, which nobody asked for');
    const tooLarge = new Unreachable(`it is larger than ${maxBytes / 1e6} MB`);
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge;
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks, size);
    const [begin] =
      /\S/.exec(
        bytes
          .subarray(0, 1_000)
          .toString('utf8')
          .replace(/^\uFEFF/, ''),
      ) ?? [];
    if (begin === '<') throw new Unreachable('it answered HTML or XML, and not YAML or JSON');
    if (begin === undefined) throw new Unreachable('what it answered is empty');
    return bytes;
  } finally {
    response.destroy();
  }
}

/** Codes of a connection that broke, which may hold the next time. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'EAI_AGAIN']);
const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

const mayPass = (error: unknown) => (error instanceof Unreachable ? error.mayPass : broken.has(codeOf(error)));

function reasonOf(error: unknown): string {
  if (error instanceof Unreachable) return error.message;
  if (error instanceof GitwayError) {
    return error.slug === 'host-unknown' ? 'its name does not resolve' : messageOf(error).replace(/\.$/, '');
  }
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'nothing listens there';
  if (code === 'ECONNRESET') return 'it broke the connection';
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO|ERR_SSL/.test(code))
    return `no safe connection can be made (${code})`;
  return `it cannot be read${/^[A-Z_]{3,60}$/.test(code) ? ` (${code})` : ''}`;
}
