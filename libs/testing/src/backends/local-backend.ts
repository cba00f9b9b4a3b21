import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  findInstallation,
  startNats,
  startPostgres,
  startRedis,
  type Installation,
  type RunningServer,
  type ServerName,
} from '@gitway/servers';
import { makeSuiteFolder, serverRoot } from '../suite-folder.ts';
import type { Backend, TestServer } from './test-server.ts';
import { copyPostgresTemplate } from './postgres-template.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
const installations = new Map<ServerName, Promise<Installation>>();

/** The server's program, found or fetched once per test file, kept in the repository's cache. */
export function testInstallation(server: ServerName): Promise<Installation> {
  let installation = installations.get(server);
  if (installation === undefined) {
    installation = findInstallation(server, { cacheDir: join(repository, '.gitway', 'cache', 'servers') });
    installations.set(server, installation);
  }
  return installation;
}

/** Servers as private child processes, each with data of its own. */
export const localBackend: Backend = {
  name: 'local',
  postgres: async () => {
    const installation = await testInstallation('postgres');
    const folder = makeSuiteFolder(serverRoot());
    const dataDir = join(folder, 'postgres');
    const password = await copyPostgresTemplate(installation, dataDir);
    const logFile = join(folder, 'postgres.log');
    return restartable(folder, (port) =>
      startPostgres({ installation, dataDir, logFile, password, durable: false, ...port }),
    );
  },
  nats: async (configText) => {
    const installation = await testInstallation('nats');
    const folder = makeSuiteFolder(serverRoot());
    return restartable(folder, (port) => startNats({ installation, dir: join(folder, 'nats'), configText, ...port }));
  },
  redis: async () => {
    const installation = await testInstallation('redis');
    const folder = makeSuiteFolder(serverRoot());
    return restartable(folder, (port) => startRedis({ installation, dir: join(folder, 'redis'), ...port }));
  },
};

type Started = RunningServer & { readonly url: string; readonly port: number };

async function restartable(folder: string, start: (port: { port?: number }) => Promise<Started>): Promise<TestServer> {
  let current: Started;
  try {
    current = await start({});
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const { url, port } = current;
  return {
    url,
    kill: async () => {
      current.kill('SIGKILL');
      await current.exited;
    },
    restart: async () => {
      await current.stop();
      current = await start({ port });
    },
    remove: async () => {
      await current.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
