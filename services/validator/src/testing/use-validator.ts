import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import {
  commitDetected,
  type DataOf,
  type EventDefinition,
  type EventEnvelope,
  gitBlobId,
  streamOf,
  type Tree,
} from '@gitway/contracts';
import { ADMIN_USER, BusFactPublisher, decodeEvent, JetStreamBus, NatsArtifactStore } from '@gitway/messaging';
import { useMessaging } from '@gitway/messaging/testing';
import { createService, type RunningService } from '@gitway/service';
import { usePostgres, waitFor } from '@gitway/testing';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.ts';
import { loadValidatorConfig } from '../config.ts';

export const internalToken = 'an-internal-token-for-tests';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export interface PushOptions {
  readonly source?: string;
  readonly ref?: string;
  readonly detectedAt?: Date;
  /** Leave these blobs out of the store. */
  readonly without?: readonly string[];
  readonly writtenFor?: string | null;
}

/** Real Postgres and NATS, the validator on top of them, and a hand that commits files as git-watcher would. */
export function useValidator(env: () => NodeJS.ProcessEnv = () => ({})) {
  const running: RunningService[] = [];
  // Hooks run in the order in which they are declared: the service ends before its servers do.
  afterAll(async () => {
    for (const service of running.splice(0)) await service.stop();
  });
  const postgres = usePostgres();
  const messaging = useMessaging();
  let watcher: BusFactPublisher;
  let artifacts: NatsArtifactStore;
  let reader: JetStreamBus;
  let commits = 0;

  async function start(): Promise<RunningService> {
    const { url, user, password } = messaging.credentials('validator');
    const config = loadValidatorConfig({
      GITWAY_NATS_URL: url,
      GITWAY_NATS_USER: user,
      GITWAY_NATS_PASSWORD: password,
      GITWAY_HTTP_PORT: '0',
      GITWAY_INTERNAL_TOKEN: internalToken,
      GITWAY_LOG_LEVEL: 'silent',
      GITWAY_DATABASE_URL: postgres.url(),
      ...env(),
    });
    const service = await createService(AppModule.forRoot(config), { name: 'validator', config });
    running.push(service);
    return service;
  }

  beforeAll(async () => {
    const connection = await messaging.connectAs('git-watcher');
    watcher = new BusFactPublisher(new JetStreamBus(connection));
    artifacts = new NatsArtifactStore(connection);
    reader = new JetStreamBus(await messaging.connectAs(ADMIN_USER));
    await start();
  }, 60_000);
  async function putBlobs(files: Files): Promise<void> {
    await artifacts.putBlobs(
      Object.values(files).map((content) => {
        const bytes = Buffer.from(content);
        return { oid: gitBlobId(bytes), content: bytes };
      }),
    );
  }

  async function detected(files: Files, options: PushOptions): Promise<DataOf<typeof commitDetected>> {
    const {
      source = 'shop',
      ref = 'refs/heads/main',
      detectedAt = new Date(),
      without = [],
      writtenFor = null,
    } = options;
    await putBlobs(Object.fromEntries(Object.entries(files).filter(([path]) => !without.includes(path))));
    const commit = createHash('sha1').update(`${++commits} ${randomUUID()}`).digest('hex');
    const entries: Tree['entries'] = Object.entries(files)
      .map(([path, content]) => {
        const bytes = Buffer.from(content);
        return { path, oid: gitBlobId(bytes), size: bytes.byteLength, mode: '100644' as const };
      })
      .sort((a, b) => (a.path < b.path ? -1 : 1));
    const digest = await artifacts.putJson('tree', { commit, entries });
    return {
      source,
      repository: 'https://git.example.com/shop.git',
      ref,
      commit,
      previousCommit: null,
      tree: { digest, files: entries.length, bytes: entries.reduce((sum, entry) => sum + entry.size, 0) },
      changes: { total: 0, paths: [] },
      author: { name: 'Ada', email: 'ada@example.com' },
      committedAt: detectedAt.toISOString(),
      message: 'Change something',
      trigger: 'webhook',
      writtenFor,
      times: { detectedAt: detectedAt.toISOString() },
    };
  }

  async function eventsOf<D>(definition: EventDefinition<D>, causationId: string): Promise<EventEnvelope<D>[]> {
    const found: EventEnvelope<D>[] = [];
    for (let sequence = 1; ; sequence++) {
      const message = await reader.read(streamOf(definition.owner), sequence);
      if (message === null) return found;
      const { event } = decodeEvent(message);
      if (event.type === definition.type && event.causationId === causationId) found.push(event as EventEnvelope<D>);
    }
  }

  return {
    postgres,
    messaging,
    start,
    /** As if no source had defined an environment yet: specs with sources of their own then need no names of their own. */
    async forgetOwners(): Promise<void> {
      const database = await new DataSource({ type: 'postgres', url: postgres.url() }).initialize();
      await database.query('DELETE FROM environment_owners');
      await database.destroy();
    },
    artifacts: () => artifacts,
    putBlobs,
    eventsOf,
    /** States a commit with these files as detected. @returns the event's id and the commit */
    async push(files: Files, options: PushOptions = {}): Promise<{ id: string; commit: string }> {
      const data = await detected(files, options);
      return { id: await watcher.publish(commitDetected, data), commit: data.commit };
    },
    /** The facts of one kind that a pushed commit caused, once there are so many. */
    async caused<D>(
      definition: EventDefinition<D>,
      id: string,
      count = 1,
      timeoutMs = 10_000,
    ): Promise<EventEnvelope<D>[]> {
      return waitFor(
        async () => {
          const events = await eventsOf(definition, id);
          return events.length >= count && events;
        },
        { timeoutMs },
      );
    },
    async get(path: string): Promise<{ status: number; body: unknown }> {
      const response = await fetch(`http://127.0.0.1:${running[0]!.port}${path}`, {
        headers: { 'gitway-internal-token': internalToken },
      });
      return { status: response.status, body: await response.json() };
    },
  };
}
