import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import {
  type CallRecord,
  type EventDefinition,
  type EventEnvelope,
  type Owner,
  owners,
  streamOf,
  subjectOf,
  type TrafficBatch,
  trafficSubject,
} from '@gitway/contracts';
import {
  ADMIN_USER,
  BusTrafficLog,
  connectNats,
  decodeEvent,
  encodeEvent,
  JetStreamBus,
  natsAuthorization,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { useNats, usePostgres, waitFor } from '@gitway/testing';
import { Client } from 'pg';
import { AppModule } from '../app.module.ts';
import { loadAnalyticsConfig } from '../config.ts';

type Connection = Awaited<ReturnType<typeof connectNats>>;

export const internalToken = 'an-internal-token-for-tests';

export const digest = (letter: string): string => `sha256-${letter.repeat(64)}`;

export function calls(count: number, over: Partial<CallRecord> = {}): CallRecord[] {
  return Array.from({ length: count }, () => ({
    at: Date.now(),
    api: 'petstore',
    operation: 'getPet',
    consumer: 'acme',
    method: 'GET',
    status: 200,
    totalMs: 12,
    upstreamMs: 11,
    bytesIn: 100,
    bytesOut: 1_000,
    termination: '----',
    answeredBy: 'upstream' as const,
    requestId: randomUUID(),
    ...over,
  }));
}

/** Real Postgres and NATS, and the service on top of them, for a suite. */
export function useAnalytics() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const postgres = usePostgres();
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const connections: Connection[] = [];
  let running: RunningService | null = null;
  let bus: JetStreamBus;
  let sequence = 0;

  const connect = async (user: Owner | typeof ADMIN_USER): Promise<Connection> => {
    const connection = await connectNats({ url: nats.url(), user, password: passwords[user] });
    connections.push(connection);
    return connection;
  };

  beforeAll(async () => {
    await provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] });
    bus = new JetStreamBus(await connect(ADMIN_USER));
  }, 60_000);
  afterEach(() => stop());
  afterAll(() => Promise.all(connections.map((connection) => connection.close())));

  async function stop(): Promise<void> {
    await running?.stop();
    running = null;
  }

  async function events<Data>(definition: EventDefinition<Data>): Promise<EventEnvelope<Data>[]> {
    const found: EventEnvelope<Data>[] = [];
    for (let at = 1; ; at += 1) {
      const message = await bus.read(streamOf(definition.owner), at);
      if (message === null) return found;
      const { event } = decodeEvent(message);
      if (event.type === definition.type) found.push(event as EventEnvelope<Data>);
    }
  }

  return {
    async start(over: Record<string, string> = {}): Promise<void> {
      const config = loadAnalyticsConfig({
        GITWAY_NATS_URL: nats.url(),
        GITWAY_NATS_USER: 'analytics',
        GITWAY_NATS_PASSWORD: passwords.analytics,
        GITWAY_HTTP_PORT: '0',
        GITWAY_INTERNAL_TOKEN: internalToken,
        GITWAY_LOG_LEVEL: 'silent',
        GITWAY_DATABASE_URL: postgres.url(),
        GITWAY_SWEEP_INTERVAL: '300ms',
        ...over,
      });
      running = await createService(AppModule.forRoot(config), { name: 'analytics', config });
    },
    stop,

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
    async state<Data>(
      definition: EventDefinition<Data>,
      data: Data,
      story: { correlationId?: string } = {},
    ): Promise<EventEnvelope<Data>> {
      const id = randomUUID();
      const event: EventEnvelope<Data> = {
        id,
        type: definition.type,
        source: `/gitway/${definition.owner}`,
        subject: subjectOf(definition, data),
        time: new Date().toISOString(),
        correlationId: story.correlationId ?? id,
        causationId: null,
        traceparent: null,
        data,
      };
      await new JetStreamBus(await connect(definition.owner)).publish(encodeEvent(event));
      return event;
    },

    /** Ships calls as an agent would. */
    async ship(snapshot: string, records: CallRecord[], over: Partial<TrafficBatch> = {}): Promise<TrafficBatch> {
      const batch: TrafficBatch = {
        environment: 'staging',
        gateway: 'edge',
        sequence: ++sequence,
        epoch: 'epoch-1',
        lost: 0,
        sentAt: new Date().toISOString(),
        snapshot,
        calls: records,
        ...over,
      };
      await new BusTrafficLog(new JetStreamBus(await connect('gateway-agent'))).publish(batch);
      return batch;
    },

    /** The same batch as a message that NATS does not know for a copy. */
    async shipAgain(batch: TrafficBatch): Promise<void> {
      await new JetStreamBus(await connect('gateway-agent')).publish({
        subject: trafficSubject(batch.environment, batch.gateway),
        id: randomUUID(),
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(batch)),
      });
    },

    events,
    async eventsOf<Data>(definition: EventDefinition<Data>, count: number): Promise<EventEnvelope<Data>[]> {
      let seen: EventEnvelope<Data>[] = [];
      return waitFor(
        async () => {
          seen = await events(definition);
          return seen.length >= count ? seen : null;
        },
        { timeoutMs: 20_000, message: () => `${count} ${definition.fact}, seen ${seen.length}` },
      );
    },
  };
}
