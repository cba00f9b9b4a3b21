import { execFile } from 'node:child_process';
import { type IncomingMessage, request } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import {
  type Act,
  ADMIN_SOCKET,
  type Command,
  commandsOf,
  PROBE_HEADER,
  PROBE_PATH,
  PROCESS_HEADER,
  type Rendered,
  replacementOf,
  SNAPSHOT_HEADER,
} from '@gitway/drivers';
import { TransientError } from '@gitway/errors';
import type { LiveState } from '../domain/drift.ts';
import { type Identity, parseFrontends, parseIdentity, parseProcesses, parseServers } from './haproxy-answers.ts';
import { ask } from './haproxy-socket.ts';

const ACT_LIMIT_MS = 10_000;

export interface RawState extends Omit<LiveState, 'maps'> {
  readonly identity: Identity | null;
  readonly maps: ReadonlyMap<string, string>;
}

/** What a listener says of itself. `foreign`: something answers there that is not this gateway. */
export type Probe =
  | { readonly kind: 'gateway'; readonly snapshot: string; readonly process: number }
  | { readonly kind: 'foreign' }
  | { readonly kind: 'silent'; readonly reason: string };

export interface ListenerAddress {
  readonly name: string;
  readonly address: string;
  /** Over TLS. */
  readonly secure: boolean;
}

export const listenersOf = ({ expected }: Pick<Rendered, 'expected'>): ListenerAddress[] =>
  Object.entries(expected.listeners).map(([name, address]) => ({
    name,
    address,
    secure: expected.secureListeners.has(name),
  }));

/** The running HAProxy as its sockets, its listeners and its program show it. */
export class HaproxyProcess {
  private readonly master: string;
  private readonly admin: string;

  constructor(
    private readonly dir: string,
    private readonly binary: string,
    private readonly probeToken: string,
  ) {
    this.master = join(dir, 'master.sock');
    this.admin = join(dir, ADMIN_SOCKET);
  }

  /** Null when HAProxy accepts the file, else what it said. */
  async refusalOf(file: string): Promise<string | null> {
    return new Promise((resolve) => {
      execFile(
        this.binary,
        ['-c', '-f', file],
        { cwd: this.dir, timeout: 30_000, maxBuffer: 4 * 1024 * 1024 },
        (error, stdout, stderr) => resolve(error === null ? null : `${stderr}\n${stdout}`.trim() || error.message),
      );
    });
  }

  async version(): Promise<string | null> {
    return new Promise((resolve) => {
      execFile(this.binary, ['-v'], { timeout: 10_000 }, (_error, stdout) =>
        resolve(/version (\S+)/.exec(stdout)?.[1] ?? null),
      );
    });
  }

  async processes(): Promise<{ failedReloads: number; worker: number | null }> {
    return parseProcesses(await ask(this.master, 'show proc'));
  }

  /** Asks the master for new workers; that they came is seen by `processes` and `probe`. */
  async reload(): Promise<void> {
    await ask(this.master, 'reload', 10_000).catch((error: unknown) => {
      // The master executes itself anew and may cut the connection that asked for it.
      if (!/ECONNRESET|EPIPE/.test(String(error))) throw error;
    });
  }

  /** Which worker answers, and the mark of the file it was loaded with; null: none answers. */
  async identity(): Promise<Identity | null> {
    return parseIdentity(await ask(this.admin, 'show info').catch(() => ''));
  }

  /** Has the worker do one act after the other. @throws TransientError with what it said to the first that failed */
  async perform(acts: readonly Act[], between: () => Promise<void> | void = () => {}): Promise<void> {
    for (const act of acts) {
      await between();
      for (const command of await this.commandsOf(act)) await this.say(command);
    }
  }

  private async commandsOf(act: Act): Promise<Command[]> {
    if (act.kind !== 'map-replace') return commandsOf(act);
    const answer = await ask(this.admin, `prepare map ${act.path}`);
    const version = /New version created: (\d+)/.exec(answer)?.[1];
    if (version === undefined) throw new TransientError('act-refused', `replace ${act.path}: ${answer.trim()}`);
    return replacementOf(act.path, version, act.entries);
  }

  private async say({ text, about, succeeded }: Command): Promise<void> {
    const answer = await ask(this.admin, text, ACT_LIMIT_MS);
    if (!succeeded(answer)) {
      throw new TransientError('act-refused', `HAProxy would not ${about}: ${answer.trim().slice(0, 200)}`);
    }
  }

  /** @param paths of maps, whose contents are answered as they are told */
  async live(paths: readonly string[]): Promise<RawState> {
    const [info, servers, stat, ...contents] = await Promise.all([
      ask(this.admin, 'show info'),
      ask(this.admin, 'show servers state'),
      ask(this.admin, 'show stat -1 1 -1'),
      ...paths.map((path) => ask(this.admin, `show map ${path}`, 10_000)),
    ]);
    const known = paths.flatMap((path, index) => {
      const text = contents[index] ?? '';
      return text.startsWith('Unknown map') ? [] : [[path, text] as const];
    });
    return {
      identity: parseIdentity(info ?? ''),
      servers: parseServers(servers ?? ''),
      maps: new Map(known),
      frontends: parseFrontends(stat ?? ''),
    };
  }

  /** Asks a listener over a fresh connection which snapshot it serves. */
  probe({ address, secure }: ListenerAddress, timeoutMs = 1_000): Promise<Probe> {
    const { host, port } = reachable(address);
    // Whose certificate is shown says nothing here: the token is our own, and the answer is believed for what it says.
    const to = { host, port, path: PROBE_PATH, agent: false, headers: { [PROBE_HEADER]: this.probeToken } } as const;
    return new Promise((resolve) => {
      const silent = (reason: string) => resolve({ kind: 'silent', reason });
      const read = (answer: IncomingMessage) => {
        answer.resume();
        const snapshot = answer.headers[SNAPSHOT_HEADER];
        const process = Number(answer.headers[PROCESS_HEADER]);
        if (answer.statusCode !== 204 || typeof snapshot !== 'string') return resolve({ kind: 'foreign' });
        return resolve({ kind: 'gateway', snapshot, process });
      };
      const asked = secure ? requestOverTls({ ...to, rejectUnauthorized: false }, read) : request(to, read);
      const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      asked.on('close', () => clearTimeout(timer));
      asked.on('error', (error) => silent(error.message));
      asked.end();
    });
  }

  /** Why an address cannot be listened on; null when it can. `haproxy -c` does not see this, and a failed bind pauses the old worker. */
  async bindFailure(address: string): Promise<string | null> {
    const { host, port } = splitAddress(address);
    const server = createServer();
    return new Promise((resolve) => {
      server.once('error', (error) => resolve(error.message));
      server.listen({ port, exclusive: true, ...(host === '*' ? {} : { host }) }, () =>
        server.close(() => resolve(null)),
      );
    });
  }
}

function splitAddress(address: string): { host: string; port: number } {
  const cut = address.lastIndexOf(':');
  return { host: address.slice(0, cut).replace(/^\[|\]$/g, ''), port: Number(address.slice(cut + 1)) };
}

/** From this machine, an address that stands for all of them is reached over loopback. */
export function reachable(address: string): { host: string; port: number } {
  const { host, port } = splitAddress(address);
  if (host === '*' || host === '0.0.0.0') return { host: '127.0.0.1', port };
  return { host: host === '::' ? '::1' : host, port };
}
