import { delimiter } from 'node:path';
import type { ServerName } from './server.ts';

export interface ServerVariables {
  /** Folders to search, as PATH lists them. */
  readonly path: string;
  readonly urls: Readonly<Partial<Record<ServerName, string>>>;
  readonly binaries: Readonly<Partial<Record<ServerName, string>>>;
}

/** The variables that name a running server. HAProxy has none: the agent needs its files and its process. */
export const urlVariables: Partial<Record<ServerName, string>> = {
  postgres: 'POSTGRES_URL',
  nats: 'NATS_URL',
  redis: 'REDIS_URL',
};
export const binaryVariables: Partial<Record<ServerName, string>> = { haproxy: 'GITWAY_HAPROXY_BIN' };

export function serverVariables(env: NodeJS.ProcessEnv = process.env): ServerVariables {
  const pick = (variables: Partial<Record<ServerName, string>>) =>
    Object.fromEntries(
      Object.entries(variables).flatMap(([server, variable]) => {
        const value = env[variable]?.trim();
        return value ? [[server, value]] : [];
      }),
    );
  return { path: env['PATH'] ?? '', urls: pick(urlVariables), binaries: pick(binaryVariables) };
}

/** Where the system keeps its own tools (setpriv, apt-get, ldd): not where servers are searched for. */
export function toolPath(env: NodeJS.ProcessEnv = process.env): string {
  const standard = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/opt/homebrew/bin', '/usr/local/bin'];
  return [...(env['PATH'] ?? '').split(delimiter), ...standard].filter((folder) => folder !== '').join(delimiter);
}

const passedOn = ['HOME', 'TMPDIR', 'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** What every program that we start gets: no more of our environment than it needs to work and to reach the network. */
export function baseEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...Object.fromEntries(kept), PATH: toolPath(env), LC_ALL: 'C' };
}
