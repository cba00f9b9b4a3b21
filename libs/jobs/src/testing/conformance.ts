import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { InvalidInputError } from '@gitway/errors';
import { currentStory, runInStory } from '@gitway/observability';
import { waitFor } from '@gitway/testing';
import type { JobContext, JobQueues } from '../job-queues.ts';

export interface Fleet {
  /** The queues of one process; several share one store. Handlers run. */
  open(): Promise<JobQueues & { close(): Promise<void> }>;
}

let queueCounter = 0;

/** What every store promises. Run over Postgres, Redis and the fake. */
export function describeJobQueues(fleet: Fleet): void {
  let queues: JobQueues & { close(): Promise<void> };
  let name: string;
  const opened: { close(): Promise<void> }[] = [];

  async function openQueues() {
    const next = await fleet.open();
    opened.push(next);
    return next;
  }

  beforeEach(async () => {
    name = `queue-${process.pid}-${++queueCounter}`;
    queues = await openQueues();
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });

  it('runs a job with its data', async () => {
    const runs: [unknown, JobContext][] = [];
    queues.queue<{ n: number }>(name).process(async (data, job) => void runs.push([data, job]));
    await queues.queue(name).add({ n: 7 }, { jobId: 'seven' });
    await waitFor(() => runs.length === 1);
    expect(runs).toEqual([[{ n: 7 }, { id: 'seven', attempt: 1, lastAttempt: true }]]);
  });

  it('waits for the delay, and not much longer', async () => {
    const queue = queues.queue(name);
    let ranAt = 0;
    queue.process(async () => void (ranAt = Date.now()));
    await queue.add({}); // The worker is idle and blocked afterwards, which a later, delayed job must end.
    await waitFor(() => ranAt > 0);
    ranAt = 0;
    const addedAt = Date.now();
    await queue.add({}, { delayMs: 400 });
    await waitFor(() => ranAt > 0);
    expect(ranAt - addedAt).toBeGreaterThanOrEqual(395);
    expect(ranAt - addedAt).toBeLessThan(3_000);
  });

  it('tries again with growing pauses and tells the handler which attempt is the last', async () => {
    const attempts: (JobContext & { at: number })[] = [];
    queues.queue(name).process(async (_data, job) => {
      attempts.push({ ...job, at: Date.now() });
      throw new Error(`attempt ${job.attempt}`);
    });
    await queues.queue(name).add({}, { attempts: 3, backoffMs: 200, jobId: 'again' });
    await waitFor(() => attempts.length === 3);
    expect(attempts.map(({ attempt, lastAttempt }) => [attempt, lastAttempt])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(attempts[1]!.at - attempts[0]!.at).toBeGreaterThanOrEqual(195);
    expect(attempts[2]!.at - attempts[1]!.at).toBeGreaterThanOrEqual(395);
  });

  it('does not try again what a retry cannot help', async () => {
    const ran: unknown[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data) => {
      ran.push(data);
      if (data === 'bad') throw new InvalidInputError('bad', 'bad');
    });
    await queue.add('bad', { attempts: 5, backoffMs: 1 });
    await waitFor(() => ran.length === 1);
    await queue.add('next', { delayMs: 300 });
    await waitFor(() => ran.includes('next'));
    expect(ran).toEqual(['bad', 'next']);
  });

  it('takes a job id once while that job waits or runs, and again when it has ended', async () => {
    const ran: string[] = [];
    let release = () => {};
    const queue = queues.queue<string>(name);
    await queue.add('first', { jobId: 'one' });
    await queue.add('second, while the first waits', { jobId: 'one' });
    queue.process(async (data) => {
      ran.push(data);
      if (data === 'first') await new Promise<void>((resolve) => (release = resolve));
      if (data === 'fails') throw new Error('fails');
    });
    await waitFor(() => ran.length === 1);
    await queue.add('third, while the first runs', { jobId: 'one' });
    release();
    await waitFor(async () => {
      await queue.add('fails', { jobId: 'one' });
      return ran.includes('fails');
    });
    await waitFor(async () => {
      await queue.add('last', { jobId: 'one' });
      return ran.includes('last');
    });
    expect(new Set(ran)).toEqual(new Set(['first', 'fails', 'last']));
  });

  it.each(['12', '0', 'staging:petstore/ü', '0:x', 'a b%'])('takes any text as a job id: %s', async (jobId) => {
    const ids: string[] = [];
    queues.queue(name).process(async (_data, job) => void ids.push(job.id));
    await queues.queue(name).add({}, { jobId });
    await waitFor(() => ids.length > 0);
    expect(ids).toEqual([jobId]);
  });

  it('cancels a job that waits', async () => {
    const ran: unknown[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data) => void ran.push(data));
    await queue.add('cancelled', { jobId: 'gone', delayMs: 300 });
    await queue.add('kept', { delayMs: 500 });
    await queue.cancel('gone');
    await queue.cancel('never there');
    await waitFor(() => ran.length > 0);
    expect(ran).toEqual(['kept']);
  });

  it('repeats with the newest interval and data until cancelled', async () => {
    const ran: string[] = [];
    const queue = queues.queue<string>(name);
    queue.process(async (data, job) => void ran.push(`${job.id} ${data}`));
    await queue.every('sweep', 60_000, 'old');
    await queue.every('sweep', 200, 'new');
    await waitFor(() => ran.filter((each) => each === 'sweep new').length >= 3);
    await queue.cancel('sweep');
    const before = ran.length;
    await queue.add('marker', { delayMs: 700, jobId: 'marker' });
    await waitFor(() => ran.includes('marker marker'));
    expect(ran.length - before).toBeLessThanOrEqual(2); // One that was under way, and the marker.
  });

  it('goes on in the story that the job was added in', async () => {
    const stories: unknown[] = [];
    const queue = queues.queue(name);
    queue.process(async () => void stories.push(currentStory()));
    const story = { correlationId: 'c-1', causationId: 'e-1' };
    await runInStory(story, () => queue.add({}));
    await waitFor(() => stories.length === 1);
    expect(stories).toEqual([story]);
  });

  it('lets a running handler end before it closes', async () => {
    let started = false;
    let ended = false;
    let release = () => {};
    queues.queue(name).process(async () => {
      started = true;
      await new Promise<void>((resolve) => (release = resolve));
      ended = true;
    });
    await queues.queue(name).add({});
    await waitFor(() => started);
    const closing = queues.close();
    expect(ended).toBe(false);
    release();
    await closing;
    expect(ended).toBe(true);
  });

  it('runs as many jobs at a time as it was told', async () => {
    let running = 0;
    let most = 0;
    let done = 0;
    const releases: (() => void)[] = [];
    queues.queue(name).process(
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => releases.push(resolve));
        running -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    for (let i = 0; i < 6; i += 1) await queues.queue(name).add({});
    await waitFor(() => {
      if (releases.length >= 3 || done >= 3) for (const release of releases.splice(0)) release();
      return done === 6;
    });
    expect(most).toBe(3);
  });
}
