import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { deployRequested, owners } from '@gitway/contracts';
import {
  ADMIN_USER,
  connectNats,
  Dispatcher,
  Inbox,
  JetStreamBus,
  consumersOf,
  messagingMigrations,
  natsAuthorization,
  type NatsPasswords,
  OutboxRelay,
  provisionMessaging,
  readEvent,
  UnitOfWork,
} from '@gitway/messaging';
import { createDataSource } from '@gitway/persistence';
import { defaultCacheDir } from '@gitway/tools';
import { createDatabase, findInstallation, startNats, startPostgres } from '@gitway/servers';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figure, percentile } from '../figure.ts';

const EVENTS = 2_000;
const PER_SECOND = 200;

export const eventLatency: Benchmark = {
  name: 'event',
  title: 'From the commit of the transaction that states a fact to the handler in another service',
  figures: ['event.p50', 'event.p99'],
  async run(context) {
    const latencies = await measure(context);
    const inputs = `${EVENTS} facts at ${PER_SECOND} a second through outbox, JetStream and inbox; real PostgreSQL and NATS`;
    const common = { unit: 'ms', better: 'lower', inputs } as const;
    return [
      figure({ id: 'event.p50', value: percentile(latencies, 0.5), goal: null, note: '', ...common }),
      figure({
        id: 'event.p99',
        value: percentile(latencies, 0.99),
        goal: 50,
        note: 'delivered exactly once each',
        ...common,
      }),
    ];
  },
};

async function measure({ folder, say }: BenchmarkContext): Promise<number[]> {
  const postgres = await startPostgres({
    installation: await findInstallation('postgres', { cacheDir: defaultCacheDir }),
    dataDir: join(folder, 'postgres'),
    password: randomBytes(16).toString('hex'),
    logFile: join(folder, 'postgres.log'),
  });
  const passwords = Object.fromEntries(
    [ADMIN_USER, ...owners].map((user) => [user, randomBytes(16).toString('hex')]),
  ) as NatsPasswords;
  const nats = await startNats({
    installation: await findInstallation('nats', { cacheDir: defaultCacheDir }),
    dir: join(folder, 'nats'),
    configText: natsAuthorization(passwords),
  });
  try {
    await provisionMessaging({ url: nats.url, user: ADMIN_USER, password: passwords[ADMIN_USER] });
    say(`${EVENTS} facts at ${PER_SECOND} a second`);
    return await run(
      await createDatabase(postgres.adminUrl, 'sender'),
      await createDatabase(postgres.adminUrl, 'receiver'),
      nats.url,
      passwords,
    );
  } finally {
    await nats.stop();
    await postgres.stop();
  }
}

async function run(
  senderUrl: string,
  receiverUrl: string,
  natsUrl: string,
  passwords: NatsPasswords,
): Promise<number[]> {
  const [sender, receiver] = await Promise.all(
    [senderUrl, receiverUrl].map((url) => createDataSource({ url, entities: [], migrations: messagingMigrations })),
  );
  if (sender === undefined || receiver === undefined) throw new Error('no databases');
  const consoleNats = await connectNats({ url: natsUrl, user: 'console', password: passwords.console });
  const deployerNats = await connectNats({ url: natsUrl, user: 'deployer', password: passwords.deployer });
  const relay = new OutboxRelay({ databaseUrl: senderUrl, bus: new JetStreamBus(consoleNats) });
  relay.start();
  const bus = new JetStreamBus(deployerNats);
  const dispatcher = new Dispatcher('deployer', bus, {
    unitOfWork: new UnitOfWork(receiver),
    inbox: new Inbox(receiver),
  });
  const committedAt = new Map<string, number>();
  const handledAt = new Map<string, number>();
  const consumer = consumersOf('deployer').find(({ durable }) => durable.endsWith('deploy-requested'));
  if (consumer === undefined) throw new Error('the deployer hears no deploy-requested');
  const subscription = await bus.consume(consumer, (delivery) =>
    dispatcher.dispatch(delivery, {
      consumer: 'deploy-requested',
      read: readEvent,
      handle: async (event) => {
        if (handledAt.has(event.id)) throw new Error('handled twice');
        handledAt.set(event.id, performance.now());
      },
    }),
  );
  const unitOfWork = new UnitOfWork(sender);
  const began = performance.now();
  for (let sent = 0; sent < EVENTS; sent++) {
    const due = began + (sent * 1000) / PER_SECOND;
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    const id = await unitOfWork.run((tx) =>
      tx.publish(deployRequested, {
        environment: `environment-${sent % 10}`,
        commit: 'a'.repeat(40),
        reason: 'bench',
        actor: 'bench',
      }),
    );
    committedAt.set(id, performance.now());
  }
  const deadline = performance.now() + 30_000;
  while (handledAt.size < EVENTS && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 20));
  await subscription.stop();
  await relay.stop();
  await Promise.all([consoleNats.close(), deployerNats.close(), sender.destroy(), receiver.destroy()]);
  if (handledAt.size !== EVENTS) throw new Error(`${EVENTS - handledAt.size} of ${EVENTS} facts did not arrive`);
  // The relay may be quicker than the reply to COMMIT: that counts as no time at all.
  return [...committedAt].map(([id, at]) => Math.max(0, (handledAt.get(id) as number) - at));
}
