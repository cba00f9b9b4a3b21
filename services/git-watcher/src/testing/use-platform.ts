import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type EventDefinition, type EventEnvelope, type Owner, owners, streamOf } from '@gitway/contracts';
import { type GitServer, startGitServer } from '@gitway/examples';
import {
  ADMIN_USER,
  connectNats,
  decodeEvent,
  encodeEvent,
  JetStreamBus,
  natsAuthorization,
  NatsArtifactStore,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { tempDir, useNats, usePostgres, waitFor } from '@gitway/testing';
import { AppModule } from '../app.module.ts';
import { loadGitWatcherConfig } from '../config.ts';
import type { SourceSettings } from '../domain/source.ts';
import { WorkCopy } from './work-copy.ts';

type Connection = Awaited<ReturnType<typeof connectNats>>;

export const pushToken = 'a-token-that-may-push';
export const webhookSecret = 'a-secret-for-webhooks';
export const internalToken = 'an-internal-token-for-tests';

export interface Watcher {
  readonly url: string;
  stop(): Promise<void>;
}

/** Real Postgres, NATS and Git server, and the service itself on top of them, for a suite. */
export function usePlatform() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const postgres = usePostgres();
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const folder = tempDir();
  const running: (() => Promise<void>)[] = [];
  const connections: Connection[] = [];
  let gitServer: GitServer;
  let bus: JetStreamBus;
  let sourceCount = 0;

  const credentials = (user: Owner | typeof ADMIN_USER) => ({ url: nats.url(), user, password: passwords[user] });
  const connect = async (user: Owner | typeof ADMIN_USER) => {
    const connection = await connectNats(credentials(user));
    connections.push(connection);
    return connection;
  };

  beforeAll(async () => {
    await provisionMessaging(credentials(ADMIN_USER));
    bus = new JetStreamBus(await connect(ADMIN_USER));
    gitServer = await startGitServer({ folder: join(folder.path(), 'repositories'), token: pushToken });
  }, 60_000);
  afterEach(async () => {
    for (const stop of running.splice(0).reverse()) await stop();
  });
  afterAll(async () => {
    await gitServer.stop();
    await Promise.all(connections.map((connection) => connection.close()));
  });

  async function events<Data>(definition: EventDefinition<Data>, source: string): Promise<EventEnvelope<Data>[]> {
    const found: EventEnvelope<Data>[] = [];
    for (let sequence = 1; ; sequence++) {
      const message = await bus.read(streamOf(definition.owner), sequence);
      if (message === null) return found;
      const { event } = decodeEvent(message);
      if (event.type === definition.type && event.subject.endsWith(`.${source}`)) {
        found.push(event as EventEnvelope<Data>);
      }
    }
  }

  const environment = async (sources: SourceSettings[], dataDir?: string) => ({
    GITWAY_NATS_URL: nats.url(),
    GITWAY_NATS_USER: 'git-watcher',
    GITWAY_NATS_PASSWORD: passwords['git-watcher'],
    GITWAY_HTTP_PORT: '0',
    GITWAY_INTERNAL_TOKEN: internalToken,
    GITWAY_LOG_LEVEL: 'silent',
    GITWAY_DATABASE_URL: postgres.url(),
    GITWAY_SOURCES: JSON.stringify(sources),
    GITWAY_GIT_DATA_DIR: dataDir ?? (await mkdtemp(join(folder.path(), 'data-'))),
    GITWAY_GIT_SILENCE_TIMEOUT: '3s',
    PATH: '/usr/local/bin:/usr/bin:/bin',
  });

  return {
    git: () => gitServer,
    folder: () => folder.path(),
    nats,
    postgres,
    environment,
    /** Runs at the end of the present test. */
    atEnd: (work: () => Promise<void>) => void running.push(work),
    artifacts: async () => new NatsArtifactStore(await connect('git-watcher')),

    /** A new repository with a work copy, and the settings of a source that follows it. */
    async newSource(settings: Partial<SourceSettings> = {}) {
      const name = `source-${++sourceCount}`;
      const url = await gitServer.createRepository(name);
      const copy = await WorkCopy.of(folder.path(), url.replace('http://', `http://ada:${pushToken}@`));
      const source: SourceSettings & { name: string } = {
        name,
        url,
        branches: ['main'],
        webhookSecret,
        pollInterval: 250,
        token: pushToken,
        allowPrivate: true,
        ...settings,
      };
      return { name, copy, source };
    },

    /** The service, in this process; stopped at the end of the test. */
    async start(sources: SourceSettings[], dataDir?: string): Promise<Watcher> {
      const config = loadGitWatcherConfig(await environment(sources, dataDir));
      const service: RunningService = await createService(AppModule.forRoot(config), { name: 'git-watcher', config });
      let stopped = false;
      const stop = async () => {
        if (!stopped) await service.stop();
        stopped = true;
      };
      running.push(stop);
      return { url: `http://127.0.0.1:${service.port}`, stop };
    },

    events,
    /** Waits for this many events of a source and gives them all. */
    async eventsOf<Data>(definition: EventDefinition<Data>, source: string, count: number) {
      let last: EventEnvelope<Data>[] = [];
      return waitFor(
        async () => {
          last = await events(definition, source);
          return last.length >= count ? last : null;
        },
        { timeoutMs: 30_000, message: () => `${count} ${definition.fact} of ${source}, seen ${last.length}` },
      );
    },

    /** States a fact as another service would. */
    async publishAs(owner: Owner, event: EventEnvelope): Promise<void> {
      await new JetStreamBus(await connect(owner)).publish(encodeEvent(event));
    },
  };
}
