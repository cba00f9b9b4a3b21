import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { certificateShown, connectionOf, type Destination } from './connection.ts';
import { ANSWER_WITHIN_MS, SILENT, type WireAnswer } from './http1-client.ts';

export interface Http2Request extends Destination {
  readonly method: string;
  readonly path: string;
  readonly authority: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** One request over HTTP/2 without TLS, on a connection of its own. */
export async function http2Call(asked: Http2Request): Promise<WireAnswer> {
  const socket = connectionOf(asked.tls === undefined ? asked : { ...asked, tls: { ...asked.tls, http2: true } });
  const scheme = asked.tls === undefined ? 'http' : 'https';
  const session: ClientHttp2Session = connectHttp2(`${scheme}://${asked.host}:${asked.port}`, {
    createConnection: () => socket,
  });
  try {
    const failed = once(session, 'error').then(([error]) => Promise.reject(error as Error));
    failed.catch(() => undefined);
    const headers: Record<string, string | string[]> = {};
    for (const [name, value] of asked.headers) {
      const key = name.toLowerCase();
      const before = headers[key];
      headers[key] = before === undefined ? value : [before, value].flat();
    }
    const stream = session.request(
      {
        ...headers,
        ':method': asked.method,
        ':path': asked.path,
        ':authority': asked.authority,
      },
      { endStream: asked.body === '' },
    );
    stream.setTimeout(ANSWER_WITHIN_MS, () => stream.destroy(new Error(`${SILENT} ${ANSWER_WITHIN_MS} ms`)));
    if (asked.body !== '') stream.end(asked.body);
    const [head] = (await Promise.race([once(stream, 'response'), failed])) as [Record<string, unknown>];
    const trailers: [string, string][] = [];
    stream.on('trailers', (given: Record<string, unknown>) => {
      for (const [name, value] of Object.entries(given)) trailers.push([name, String(value)]);
    });
    let body = '';
    for await (const piece of stream.setEncoding('latin1')) body += piece as string;
    const given = Object.entries(head).flatMap(([name, value]) =>
      name.startsWith(':') ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
    );
    return { status: Number(head[':status']), headers: given, body, text: body, trailers, ...certificateShown(socket) };
  } finally {
    session.destroy();
  }
}
