import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  commitValidated,
  deployRequested,
  type DataOf,
  type EventEnvelope,
  INTERNAL_TOKEN_HEADER,
  streamOf,
  deploymentPlanned,
  replayRequested,
} from '@gitway/contracts';
import { TransientError } from '@gitway/errors';
import { ADMIN_USER, BusFactPublisher, type Commit, decodeEvent, JetStreamBus, OnFact } from '@gitway/messaging';
import { useMessaging } from '@gitway/messaging/testing';
import { usePostgres, waitFor } from '@gitway/testing';
import { Controller, Module } from '@nestjs/common';
import { createService, type RunningService } from './start-service.ts';
import { ServiceModule } from './service.module.ts';

// Hooks run in the order of their declaration: the service ends before its servers do.
afterAll(() => service?.stop());
const postgres = usePostgres();
const messaging = useMessaging();
const token = randomUUID();
const snapshot = `sha256-${'b'.repeat(64)}`;
const commit = 'a'.repeat(40);

const handled: string[] = [];
let failures = 0;

@Controller()
class Deployer {
  @OnFact(deployRequested)
  async plan(event: EventEnvelope<DataOf<typeof deployRequested>>): Promise<Commit> {
    handled.push(event.id);
    if (event.data.reason === 'never') throw new TypeError('cannot be handled');
    if (event.data.reason === 'twice' && failures++ < 2) throw new TransientError('away', 'not now');
    return async (tx) => {
      await tx.publish(deploymentPlanned, {
        environment: event.data.environment,
        source: 'platform',
        ref: 'refs/heads/main',
        commit,
        deployment: randomUUID(),
        cause: 'command',
        snapshot,
        previous: null,
        changes: { total: 0, units: [] },
        gateways: [],
      });
    };
  }
}

@Module({})
class TestModule {}

/** Listens to what its contract does not list. */
@Controller()
class Eavesdropper {
  @OnFact(commitValidated)
  async listen(): Promise<void> {}
}

let service: RunningService;
let console_: BusFactPublisher;
let reader: JetStreamBus;

const start = async (
  databaseUrl: string,
  controllers: (new () => object)[] = [Deployer],
  name: 'deployer' | 'analytics' = 'deployer',
) => {
  const { url, user, password } = messaging.credentials(name);
  const config = {
    GITWAY_NATS_URL: url,
    GITWAY_NATS_USER: user,
    GITWAY_NATS_PASSWORD: password,
    GITWAY_HTTP_HOST: '127.0.0.1',
    GITWAY_HTTP_PORT: 0,
    GITWAY_INTERNAL_TOKEN: token,
    GITWAY_LOG_LEVEL: 'silent' as const,
    GITWAY_DATABASE_URL: databaseUrl,
  };
  const module = {
    module: TestModule,
    imports: [ServiceModule.forRoot({ name, config, database: { entities: [], migrations: [] } })],
    controllers,
  };
  return createService(module, { name, config });
};

beforeAll(async () => {
  service = await start(postgres.url());
  console_ = new BusFactPublisher(new JetStreamBus(await messaging.connectAs('console')));
  reader = new JetStreamBus(await messaging.connectAs(ADMIN_USER));
});

const request = (environment: string, reason: string) =>
  console_.publish(deployRequested, { environment, commit, reason, actor: 'ada' });

const planned = async () => {
  const events: EventEnvelope[] = [];
  for (let sequence = 1; ; sequence++) {
    const message = await reader.read(streamOf('deployer'), sequence);
    if (message === null) return events;
    events.push(decodeEvent(message).event);
  }
};
const plannedFor = async (id: string) => (await planned()).filter((event) => event.causationId === id);

describe('a service over real servers', () => {
  it('handles a fact once and states its own with the same story and cause', async () => {
    const id = await request('staging', 'please');
    const [event] = await waitFor(async () => {
      const events = await plannedFor(id);
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({
      correlationId: id,
      causationId: id,
      subject: 'gitway.deployer.deployment-planned.staging',
    });
  });

  it('tries again what fails in passing, with one effect', async () => {
    const id = await request('staging', 'twice');
    await waitFor(async () => (await plannedFor(id)).length === 1);
    expect(handled.filter((each) => each === id)).toHaveLength(3);
  });

  it('answers over HTTP to the internal token alone, and tells its health to anybody', async () => {
    const url = `http://127.0.0.1:${service.port}`;
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    expect((await fetch(`${url}/metrics`, { headers: { [INTERNAL_TOKEN_HEADER]: token } })).status).toBe(200);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as { checks: unknown };
    expect(ready.checks).toEqual({ nats: 'ok', database: 'ok' });
  });

  it('shares the work with a second replica: every request has one effect', async () => {
    const replica = await start(postgres.url());
    const ids = await Promise.all(Array.from({ length: 20 }, (_, i) => request(`env-${i}`, 'replicas')));
    await waitFor(async () => {
      const events = await planned();
      return ids.every((id) => events.some((event) => event.causationId === id));
    });
    const events = await planned();
    for (const id of ids) expect(events.filter((event) => event.causationId === id)).toHaveLength(1);
    await replica.stop();
  });

  it('goes on after the database was killed, with nothing lost', async () => {
    await postgres.kill();
    const id = await request('staging', 'while the database is away');
    await waitFor(() => handled.includes(id));
    await postgres.restart();
    await waitFor(async () => (await plannedFor(id)).length === 1, { timeoutMs: 30_000 });
  });

  it('goes on after NATS was killed, with nothing lost', async () => {
    await messaging.nats.kill();
    await messaging.nats.restart();
    const id = await waitFor(() => request('staging', 'after NATS was away'), { timeoutMs: 30_000 });
    await waitFor(async () => (await plannedFor(id)).length === 1, { timeoutMs: 30_000 });
  });

  it('does not start when it listens to what its contract does not list', async () => {
    const database = await postgres.createDatabase();
    await expect(start(database, [Eavesdropper], 'analytics')).rejects.toThrow(/contract does not list/);
  });

  it('handles a dead letter again when asked', async () => {
    const id = await console_.publish(replayRequested, { service: 'deployer', sequence: 4711, actor: 'ada' });
    const letter = await waitFor(() => reader.read('GITWAY_DEAD_LETTERS', 1));
    expect(letter?.headers).toMatchObject({ 'gitway-original-id': id, 'gitway-error-slug': 'no-such-dead-letter' });
  });
});
