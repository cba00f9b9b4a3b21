import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { type EventDefinition, type EventEnvelope, type Owner, owners, streamOf, subjectOf } from '@gitway/contracts';
import {
  ADMIN_USER,
  connectNats,
  decodeEvent,
  encodeEvent,
  JetStreamBus,
  type Message,
  natsAuthorization,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { useNats, usePostgres } from '@gitway/testing';
import { Client } from 'pg';
import { AppModule } from '../app.module.ts';
import { loadNotifierConfig } from '../config.ts';
import { type Receiver, startReceiver } from './webhook-receiver.ts';

type Connection = Awaited<ReturnType<typeof connectNats>>;

export const internalToken = 'an-internal-token-for-tests';

/** Real Postgres and NATS, and the service on top of them, for a suite. Each test has empty tables and a receiver of its own. */
export function useNotifier() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const postgres = usePostgres();
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const connections: Connection[] = [];
  const receivers: Receiver[] = [];
  let running: RunningService | null = null;
  let bus: JetStreamBus;

  const connect = async (user: Owner | typeof ADMIN_USER): Promise<Connection> => {
    const connection = await connectNats({ url: nats.url(), user, password: passwords[user] });
    connections.push(connection);
    return connection;
  };

  beforeAll(async () => {
    await provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] });
    bus = new JetStreamBus(await connect(ADMIN_USER));
  }, 60_000);
  afterEach(async () => {
    await stop();
    await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  });
  afterAll(() => Promise.all(connections.map((connection) => connection.close())));

  async function stop(): Promise<void> {
    await running?.stop();
    running = null;
  }

  return {
    async start(channels: object[], over: Record<string, string> = {}): Promise<void> {
      const config = loadNotifierConfig({
        GITWAY_NATS_URL: nats.url(),
        GITWAY_NATS_USER: 'notifier',
        GITWAY_NATS_PASSWORD: passwords.notifier,
        GITWAY_HTTP_PORT: '0',
        GITWAY_INTERNAL_TOKEN: internalToken,
        GITWAY_LOG_LEVEL: 'silent',
        GITWAY_DATABASE_URL: postgres.url(),
        GITWAY_CHANNELS: JSON.stringify(channels),
        GITWAY_DELIVERY_BACKOFF: '50ms',
        // Longer than any test, so that what is delivered was woken; tests of the sweep say otherwise.
        GITWAY_SWEEP_INTERVAL: '10m',
        ...over,
      });
      running = await createService(AppModule.forRoot(config), { name: 'notifier', config });
    },
    stop,

    async receiver(): Promise<Receiver> {
      const receiver = await startReceiver();
      receivers.push(receiver);
      return receiver;
    },

    get: async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${running!.port}${path}`, {
        headers: { 'gitway-internal-token': internalToken },
      });
      return { status: response.status, body: await response.json() };
    },

    async query<Row>(sql: string, values: unknown[] = []): Promise<Row[]> {
      const client = new Client(postgres.url());
      await client.connect();
      try {
        return (await client.query(sql, values)).rows as Row[];
      } finally {
        await client.end();
      }
    },

    /** States a fact as its owner would. */
    async state<Data>(definition: EventDefinition<Data>, data: Data): Promise<EventEnvelope<Data>> {
      const id = randomUUID();
      const event: EventEnvelope<Data> = {
        id,
        type: definition.type,
        source: `/gitway/${definition.owner}`,
        subject: subjectOf(definition, data),
        time: new Date().toISOString(),
        correlationId: `story-of-${id}`,
        causationId: null,
        traceparent: null,
        data,
      };
      await new JetStreamBus(await connect(definition.owner)).publish(encodeEvent(event));
      return event;
    },

    publish: async (message: Message): Promise<void> => {
      await bus.publish(message);
    },

    async events<Data>(definition: EventDefinition<Data>): Promise<EventEnvelope<Data>[]> {
      const found: EventEnvelope<Data>[] = [];
      for (let at = 1; ; at += 1) {
        const message = await bus.read(streamOf(definition.owner), at);
        if (message === null) return found;
        const { event } = decodeEvent(message);
        if (event.type === definition.type) found.push(event as EventEnvelope<Data>);
      }
    },
  };
}
