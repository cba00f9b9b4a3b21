import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GatewayUnit } from '@gitway/contracts';
import { httpCall, type TestHaproxy, waitFor } from '@gitway/testing';
import type { RenderContext, SnapshotUnit } from '../../driver.ts';
import { haproxy as driver } from '../../haproxy/driver.ts';
import { ADMIN_SOCKET, MAIN_FILE, PROBE_HEADER, PROBE_PATH, SNAPSHOT_HEADER } from '../../haproxy/names.ts';
import { GATEWAY } from '../build.ts';
import { providedFor } from './provided.ts';
import { quietPort } from './quiet-port.ts';
import type { GatewayRunner, RunningGateway } from './runner.ts';

/** Of a peers section in `show peers`: counts were learned from here and from afar, or will not be. */
const RESYNC_FINISHED = 0x3;
const PROBE_TOKEN = 'conformance-probe-token';

/** Real HAProxys, each in a folder of its own under `folder`. */
export function haproxyRunner(haproxy: TestHaproxy, folder: () => string): GatewayRunner {
  return {
    driver,
    async start(units): Promise<RunningGateway> {
      const dir = await mkdtemp(join(folder(), 'g'));
      const ports = new Map<string, number>();
      for (const { name } of listenersOf(units)) ports.set(name, await quietPort());
      const address = (listener: string) => {
        const port = ports.get(listener);
        if (port === undefined) throw new Error(`there is no listener ${listener}`);
        return { host: '127.0.0.1', port };
      };
      const write = async (given: readonly SnapshotUnit[]): Promise<string> => {
        for (const { name } of listenersOf(given)) if (!ports.has(name)) ports.set(name, await quietPort());
        const snapshot = `sha256-${randomBytes(32).toString('hex')}`;
        const rendered = driver.render(given, {
          environment: 'conformance',
          gateway: GATEWAY,
          snapshot,
          listeners: Object.fromEntries([...ports].map(([name, port]) => [name, `127.0.0.1:${port}`])),
          dir,
          probeToken: PROBE_TOKEN,
          provided: providedFor(driver.needs(given, GATEWAY)),
        } satisfies RenderContext);
        const path = (name: string) => join(dir, name === rendered.main ? 'next.cfg' : name);
        for (const [name, text] of rendered.files) {
          await mkdir(dirname(path(name)), { recursive: true });
          await writeFile(path(name), text);
        }
        const { binary, env } = haproxy.installation();
        await promisify(execFile)(binary, ['-c', '-f', join(dir, 'next.cfg')], { env: { ...env } });
        await rename(join(dir, 'next.cfg'), join(dir, MAIN_FILE));
        return snapshot;
      };
      const served = (snapshot: string) =>
        waitFor(async () => {
          const { port } = address(listenersOf(units)[0]!.name);
          const answer = await httpCall(port, PROBE_PATH, { [PROBE_HEADER]: PROBE_TOKEN });
          return answer.headers[SNAPSHOT_HEADER] === snapshot;
        });
      const first = await write(units);
      const server = await haproxy.start(dir);
      await served(first);
      return {
        address,
        apply: async (next) => {
          const snapshot = await write(next);
          await ask(server.masterSocket, 'reload');
          await served(snapshot);
        },
        logged: async (requestId) => {
          const { port } = address(listenersOf(units)[0]!.name);
          // One thread writes the log, so a call behind all others comes behind them there.
          const last = `last-${randomBytes(6).toString('hex')}`;
          await httpCall(port, '/', { host: 'nobody.invalid', 'x-request-id': last });
          const lines = await waitFor(async () => {
            const text = await readFile(server.accessLog, 'utf8');
            return text.includes(last) ? text.split('\n') : null;
          });
          return lines.find((line) => line.includes(`"${requestId}"`)) ?? null;
        },
        // A reload hands its counters over only once it has given up waiting for those of a predecessor, 5 s after a start.
        settled: async () => {
          await waitFor(async () => {
            const peers = await ask(join(dir, ADMIN_SOCKET), 'show peers');
            const flags = Number(/ flags=(0x[0-9a-f]+) /.exec(peers)?.[1]);
            return (flags & RESYNC_FINISHED) === RESYNC_FINISHED;
          });
        },
        stop: async () => {
          await server.stop();
          await rm(dir, { recursive: true, force: true });
        },
      };
    },
  };
}

/** The answer of a socket to one command; what closes the connection ends it. */
async function ask(path: string, command: string): Promise<string> {
  const socket = connect(path);
  let text = '';
  socket.on('error', () => undefined).on('data', (piece) => (text += piece.toString()));
  socket.end(`${command}\n`);
  await once(socket, 'close');
  return text;
}

const listenersOf = (units: readonly SnapshotUnit[]) =>
  units
    .filter(({ unit }) => unit.kind === 'gateway' && unit.name === GATEWAY)
    .flatMap(({ unit }) => (unit as GatewayUnit).listeners);
