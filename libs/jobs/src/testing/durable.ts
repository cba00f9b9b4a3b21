import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { TransientError } from '@gitway/errors';
import { waitFor } from '@gitway/testing';
import type { BullmqJobQueues } from '../bullmq-job-queues.ts';
import { openRelay, type Relay } from './outage.ts';

export interface DurableStore {
  readonly server: { host: string; port: number };
  /** Queues that reach the store through this port of the loopback interface. */
  open(port: number): BullmqJobQueues;
  /** Makes the store forget every job and schedule. */
  wipe(): Promise<void>;
  /** kill -9 of the server, and a new start with the same data. */
  restart(): Promise<void>;
}

let queueCounter = 0;

/** What a store promises beyond one process and one connection. */
export function describeDurableStore(store: () => DurableStore): void {
  const opened: { close(): Promise<void> }[] = [];
  const relays: Relay[] = [];
  let name: string;

  async function openProcess(relay?: Relay) {
    const through = relay ?? (await relayed());
    const queues = store().open(through.port);
    opened.push(queues);
    queues.start();
    return queues;
  }

  async function relayed() {
    const relay = await openRelay(store().server);
    relays.push(relay);
    return relay;
  }

  beforeEach(() => {
    name = `durable-${process.pid}-${++queueCounter}`;
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    await Promise.all(relays.splice(0).map((each) => each.cut()));
  });

  it('gives each job to one of several processes', async () => {
    const ran: number[] = [];
    const workers = [await openProcess(), await openProcess()];
    for (const worker of workers) worker.queue<number>(name).process(async (data) => void ran.push(data));
    await Promise.all(Array.from({ length: 40 }, (_, n) => workers[n % 2]!.queue<number>(name).add(n)));
    await waitFor(() => ran.length >= 40);
    expect(ran.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('keeps jobs while no process runs', async () => {
    const first = await openProcess();
    await first.queue<string>(name).add('kept', { delayMs: 200 });
    await first.close();
    const ran: string[] = [];
    const second = await openProcess();
    second.queue<string>(name).process(async (data) => void ran.push(data));
    await waitFor(() => ran.length === 1);
    expect(ran).toEqual(['kept']);
  });

  it('gives the job of a process that died to another', async () => {
    const relay = await relayed();
    const dying = await openProcess(relay);
    let taken = false;
    let release = () => {};
    dying.queue(name).process(async () => {
      taken = true;
      await new Promise<void>((resolve) => (release = resolve));
    });
    await dying.queue(name).add({}, { jobId: 'orphan' });
    await waitFor(() => taken);
    await relay.cut(); // To the store, this is what kill -9 looks like.
    const ran: string[] = [];
    const heir = await openProcess();
    heir.queue(name).process(async (_data, job) => void ran.push(job.id));
    await waitFor(() => ran.length === 1);
    expect(ran).toEqual(['orphan']);
    release();
    await relay.mend();
  });

  it('survives that the store goes away and comes back', async () => {
    const relay = await relayed();
    const queues = await openProcess(relay);
    const ran: string[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data) => void ran.push(data));
    await queue.add('before');
    await waitFor(() => ran.length === 1);
    await queue.add('due in the outage', { delayMs: 300 });

    await relay.cut();
    await expect(queue.add('lost')).rejects.toBeInstanceOf(TransientError);
    await relay.mend();

    await waitFor(() => ran.includes('due in the outage'));
    await waitFor(async () => {
      await queue.add('after', { jobId: 'after' }).catch(() => {});
      return ran.includes('after');
    });
    // Work added from elsewhere wakes the worker as well: it listens again, it does not only look when it adds.
    const elsewhere = await openProcess();
    await elsewhere.queue<string>(name).add('from elsewhere');
    await waitFor(() => ran.includes('from elsewhere'));
  });

  it('survives kill -9 of the server', async () => {
    const { host, port } = store().server;
    expect(host).toBe('127.0.0.1');
    const queues = store().open(port);
    opened.push(queues);
    queues.start();
    const ran: string[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data) => void ran.push(data));
    await queue.add('first');
    await waitFor(() => ran.length === 1);
    await queue.add('stored before', { delayMs: 1_500 });
    await store().restart();
    await waitFor(() => ran.includes('stored before'), { timeoutMs: 20_000 });
  });

  it('starts while the store is away, and works when it comes', async () => {
    const relay = await relayed();
    await relay.cut();
    const queues = await openProcess(relay);
    const ran: string[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data) => void ran.push(data));
    await expect(queue.add('early')).rejects.toBeInstanceOf(TransientError);
    await relay.mend();
    await waitFor(() =>
      queue.add('late', { jobId: 'late' }).then(
        () => true,
        () => false,
      ),
    );
    await waitFor(() => ran.includes('late'));
  });

  it('puts a schedule back that the store has lost', async () => {
    const queues = await openProcess();
    let runs = 0;
    const queue = queues.queue(name);
    queue.process(async () => void (runs += 1));
    await queue.every('sweep', 300, {});
    await waitFor(() => runs >= 2);
    await store().wipe();
    const atWipe = runs;
    await waitFor(() => runs >= atWipe + 3);
  });

  it('closes within seconds while the store is away', async () => {
    const relay = await relayed();
    const queues = await openProcess(relay);
    let ran = false;
    queues.queue(name).process(async () => void (ran = true));
    await queues.queue(name).add({});
    await waitFor(() => ran);
    await relay.cut();
    await queues.close();
  });
}
