import { existsSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';

/** What says that a process does its work. */
export type ReadinessProbe =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string };

const PROBE_TIMEOUT_MS = 2_000;

/** Null when ready, else why not yet, in words. */
export async function probe(target: ReadinessProbe): Promise<string | null> {
  if (target.kind === 'file') return existsSync(target.path) ? null : `${target.path} does not exist`;
  if (target.kind === 'http') return probeHttp(target.url);
  return target.kind === 'tcp'
    ? probeConnect({ host: '127.0.0.1', port: target.port })
    : probeConnect({ path: target.path });
}

export function describeProbe(target: ReadinessProbe): string {
  if (target.kind === 'file' || target.kind === 'socket') return target.path;
  return target.kind === 'http' ? target.url : `127.0.0.1:${target.port}`;
}

function probeHttp(url: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: PROBE_TIMEOUT_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body = (body + chunk).slice(0, 500)));
      response.on('end', () =>
        resolve(response.statusCode === 200 ? null : `${url} answers ${response.statusCode}: ${body}`),
      );
      response.on('error', (error) => resolve(`${url}: ${error.message}`));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${PROBE_TIMEOUT_MS} ms`)));
    request.on('error', (error) => resolve(`${url}: ${error.message}`));
  });
}

function probeConnect(to: { host: string; port: number } | { path: string }): Promise<string | null> {
  const where = 'port' in to ? `port ${to.port}` : to.path;
  return new Promise((resolve) => {
    const socket = connect({ ...to, timeout: PROBE_TIMEOUT_MS });
    const end = (outcome: string | null) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.on('connect', () => end(null));
    socket.on('timeout', () => end(`nothing accepts on ${where}`));
    socket.on('error', (error) => end(`${where}: ${error.message}`));
  });
}
