import { randomBytes } from 'node:crypto';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { freePort } from '@gitway/servers';
import type { Backend, TestServer } from './test-server.ts';

const configFile = '/etc/gitway-nats.conf';

/** Servers as containers. Host ports are chosen here, since a port that Docker chooses changes with a restart. */
export const dockerBackend: Backend = {
  name: 'docker',
  postgres: async () => {
    const port = await freePort();
    const password = randomBytes(18).toString('base64url');
    const container = await new PostgreSqlContainer('postgres:17')
      .withExposedPorts({ container: 5432, host: port })
      .withUsername('gitway')
      .withPassword(password)
      .withDatabase('postgres')
      .withCommand(['postgres', '-c', 'fsync=off', '-c', 'full_page_writes=off'])
      .start();
    return testServer(container, container.getConnectionUri());
  },
  nats: async (configText) => {
    const port = await freePort();
    const config = ['listen: "0.0.0.0:4222"', 'jetstream { store_dir: "/data" }', configText, ''].join('\n');
    const container = await new GenericContainer('nats:2.10')
      .withExposedPorts({ container: 4222, host: port })
      .withCopyContentToContainer([{ content: config, target: configFile }])
      .withCommand(['-js', '-c', configFile])
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    return testServer(container, `nats://${container.getHost()}:${port}`);
  },
  redis: async () => {
    const port = await freePort();
    const container = await new GenericContainer('redis:7')
      .withExposedPorts({ container: 6379, host: port })
      .withCommand(['redis-server', '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'])
      .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
      .start();
    return testServer(container, `redis://${container.getHost()}:${port}`);
  },
};

function testServer(container: StartedTestContainer, url: string): TestServer {
  return {
    url,
    kill: async () => {
      await container.stop({ timeout: 0, remove: false });
    },
    restart: () => container.restart({ timeout: 10_000 }),
    remove: async () => {
      await container.stop({ remove: true, removeVolumes: true });
    },
  };
}
