import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_LETTER_STREAM, pinLifted, streamOf } from '@gitway/contracts';
import { InvalidInputError, TransientError } from '@gitway/errors';
import { runInStory } from '@gitway/observability';
import { createDataSource } from '@gitway/persistence';
import { usePostgres, waitFor } from '@gitway/testing';
import type { DataSource } from 'typeorm';
import { InMemoryMessageBus } from '../bus/memory-bus.ts';
import { Dispatcher } from '../dispatch/dispatcher.ts';
import { originalOf, readEvent } from '../dispatch/readers.ts';
import { decodeEvent } from '../envelope/codec.ts';
import { factConsumer, streamPlans } from '../provision/topology.ts';
import { Inbox } from './inbox.ts';
import { messagingMigrations } from './migration.ts';
import { OutboxRelay } from './relay.ts';
import { type Commit, UnitOfWork } from './unit-of-work.ts';

const postgres = usePostgres();
const revision = { commit: 'a'.repeat(40), snapshot: `sha256-${'b'.repeat(64)}` };
const fact = (environment: string) => ({ environment, by: revision, bad: revision.snapshot });
const consumer = factConsumer('notifier', 'deployer', 'pin-lifted');

let dataSource: DataSource;
let url: string;
let unitOfWork: UnitOfWork;
let bus: InMemoryMessageBus;

beforeAll(async () => {
  url = await postgres.createDatabase();
  dataSource = await createDataSource({ url, entities: [], migrations: messagingMigrations });
  await dataSource.query('CREATE TABLE effects (value text)');
  unitOfWork = new UnitOfWork(dataSource);
});
afterAll(() => dataSource?.destroy());
beforeEach(async () => {
  await dataSource.query('TRUNCATE outbox, inbox, effects');
  bus = new InMemoryMessageBus({ streams: streamPlans() });
});

const events = () => bus.messagesOf(streamOf('deployer')).map((message) => decodeEvent(message).event);
const effects = async () =>
  (await dataSource.query<{ value: string }[]>('SELECT value FROM effects')).map(({ value }) => value);
const count = async (table: string) =>
  Number((await dataSource.query<{ n: string }[]>(`SELECT count(*) AS n FROM ${table}`))[0]?.n);

describe('outbox', () => {
  it('publishes what was committed, in order, with its story, and then forgets it', async () => {
    const relay = new OutboxRelay({ databaseUrl: url, bus });
    relay.start();
    await runInStory({ correlationId: 'story-1', causationId: 'cause-1' }, () =>
      unitOfWork.run(async (tx) => {
        for (let i = 0; i < 30; i++) await tx.publish(pinLifted, fact(`env-${i}`));
      }),
    );
    await waitFor(() => events().length === 30);
    expect(new Set(events().map(({ correlationId, causationId }) => `${correlationId} ${causationId}`))).toEqual(
      new Set(['story-1 cause-1']),
    );
    await waitFor(async () => (await count('outbox')) === 0);
    await relay.stop();
  });

  it('publishes nothing of a transaction that did not end well', async () => {
    await expect(
      unitOfWork.run(async (tx) => {
        await tx.publish(pinLifted, fact('production'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await count('outbox')).toBe(0);
  });

  it('refuses data that is not what the contract promises, before anything is stored', async () => {
    await expect(
      unitOfWork.run((tx) => tx.publish(pinLifted, { ...fact('production'), environment: 'Not A Name' })),
    ).rejects.toThrow(/environment/);
  });

  it('lets one replica relay at a time, another take over, and keeps the order', async () => {
    const first = new OutboxRelay({ databaseUrl: url, bus, pollMs: 50 });
    const second = new OutboxRelay({ databaseUrl: url, bus, pollMs: 50 });
    first.start();
    second.start();
    const publish = (name: string) => unitOfWork.run((tx) => tx.publish(pinLifted, fact(name)));
    await publish('one');
    await waitFor(() => events().length === 1);
    await first.stop();
    await publish('two');
    await publish('three');
    await waitFor(() => events().length === 3);
    await second.stop();
    expect(events().map((event) => (event.data as { environment: string }).environment)).toEqual([
      'one',
      'two',
      'three',
    ]);
  });

  it('sets a message aside that the bus refuses again and again, and goes on with the others', async () => {
    const picky = Object.assign(Object.create(bus) as InMemoryMessageBus, {
      publish: async (message: Parameters<typeof bus.publish>[0]) => {
        if (message.subject.endsWith('.refused')) throw new Error('maximum payload exceeded');
        await bus.publish(message);
      },
    });
    await unitOfWork.run(async (tx) => {
      await tx.publish(pinLifted, fact('refused'));
      await tx.publish(pinLifted, fact('fine'));
    });
    const relay = new OutboxRelay({ databaseUrl: url, bus: picky, pollMs: 20, maxAttempts: 2 });
    relay.start();
    await waitFor(() => events().length === 1);
    await waitFor(async () => {
      const rows = await dataSource.query<{ failed: boolean }[]>('SELECT failed_at IS NOT NULL AS failed FROM outbox');
      return rows.length === 1 && rows[0]?.failed === true;
    });
    await relay.stop();
  });
});

describe('dispatcher', () => {
  const run = async (handle: (attempt: number) => Promise<Commit | void>) => {
    const dispatcher = new Dispatcher('notifier', bus, { unitOfWork, inbox: new Inbox(dataSource) });
    let attempts = 0;
    return bus.consume(consumer, (delivery) =>
      dispatcher.dispatch(delivery, { consumer: 'pin-lifted', read: readEvent, handle: () => handle(++attempts) }),
    );
  };
  const publish = async (environment = 'production') => {
    const relayed = new OutboxRelay({ databaseUrl: url, bus, pollMs: 20 });
    await unitOfWork.run((tx) => tx.publish(pinLifted, fact(environment)));
    relayed.start();
    await waitFor(async () => (await count('outbox')) === 0);
    await relayed.stop();
  };
  const effect: Commit = async (tx) => void (await tx.manager.query(`INSERT INTO effects VALUES ('done')`));

  it('writes the effect and the record of it together, once, however often the event comes', async () => {
    const subscription = await run(async () => effect);
    await publish();
    await waitFor(async () => (await effects()).length === 1);
    const [message] = bus.messagesOf(streamOf('deployer'));
    await bus.publish({ ...(message as NonNullable<typeof message>), id: 'the same event, stored twice' });
    await publish('marker');
    await waitFor(async () => (await count('inbox')) === 2);
    expect(await effects()).toHaveLength(2);
    await subscription.stop();
  });

  it('tries a passing failure again, and leaves nothing of the failed try', async () => {
    const subscription = await run(async (attempt) => async (tx) => {
      await effect(tx);
      if (attempt < 3) throw new TransientError('peer-away', 'not now');
    });
    await publish();
    await waitFor(async () => (await effects()).length === 1);
    expect(bus.messagesOf(DEAD_LETTER_STREAM)).toHaveLength(0);
    await subscription.stop();
  });

  it('makes a dead letter at once of what will never succeed, with its error and its original', async () => {
    const subscription = await run(async () => {
      throw new InvalidInputError('nonsense', 'this makes\nno sense');
    });
    await publish();
    const [letter] = await waitFor(() => {
      const letters = bus.messagesOf(DEAD_LETTER_STREAM);
      return letters.length > 0 && letters;
    });
    expect(letter?.subject).toBe('gitway.dead.notifier.pin-lifted');
    expect(letter?.headers).toMatchObject({ 'gitway-error-slug': 'nonsense', 'gitway-error': 'this makes no sense' });
    expect(originalOf(letter as NonNullable<typeof letter>).subject).toBe('gitway.deployer.pin-lifted.production');
    await subscription.stop();
  });

  it('makes a dead letter of what is no event', async () => {
    const subscription = await run(async () => effect);
    await bus.publish({
      subject: 'gitway.deployer.pin-lifted.production',
      id: 'junk',
      headers: { 'ce-id': 'junk', 'ce-type': 'dev.gitway.pin.lifted.v1' },
      body: Buffer.from('{"environment": 1}'),
    });
    await waitFor(() => bus.messagesOf(DEAD_LETTER_STREAM).length === 1);
    expect(bus.messagesOf(DEAD_LETTER_STREAM)[0]?.headers['gitway-error-slug']).toBe('event-data-invalid');
    expect(await effects()).toHaveLength(0);
    await subscription.stop();
  });

  it('keeps the order within one environment and does not let one wait for another', async () => {
    const seen: string[] = [];
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const dispatcher = new Dispatcher('notifier', bus, { unitOfWork, inbox: new Inbox(dataSource) });
    const subscription = await bus.consume(consumer, (delivery) =>
      dispatcher.dispatch(delivery, {
        consumer: 'pin-lifted',
        read: readEvent,
        handle: async (event) => {
          const { environment } = event.data as { environment: string };
          if (environment === 'slow' && !seen.includes('slow')) await gate;
          seen.push(environment);
        },
      }),
    );
    await publish('slow');
    await publish('slow');
    await publish('quick');
    await waitFor(() => seen.includes('quick'));
    expect(seen).toEqual(['quick']);
    release();
    await waitFor(() => seen.length === 3);
    await subscription.stop();
  });
});
