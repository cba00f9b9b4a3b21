import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryKeptFacts } from '../testing/memory-kept-facts.ts';
import { FactFeed } from './fact-feed.ts';
import { RecentFacts } from './recent-facts.ts';
import { StreamFacts, type EventSink, type StreamEnd, type StreamOptions } from './stream-facts.ts';

const all = { facts: null, environment: null };

class Sink implements EventSink {
  text = '';
  full = false;
  private readonly gone = new AbortController();
  readonly closed = this.gone.signal;
  private heard: () => void = () => undefined;
  private emptied: () => void = () => undefined;

  write(text: string): boolean {
    this.text += text;
    this.heard();
    return !this.full;
  }
  drained(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.emptied = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  drain(): void {
    this.full = false;
    this.emptied();
  }
  close(): void {
    this.gone.abort();
  }
  get ids(): string[] {
    return [...this.text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1]!);
  }
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => (this.heard = resolve));
  }
}

let facts: MemoryKeptFacts;
let feed: FactFeed;
let sink: Sink;
let ends: Promise<StreamEnd>[];
const failures: unknown[] = [];

beforeEach(() => {
  facts = new MemoryKeptFacts();
  sink = new Sink();
  ends = [];
});
afterEach(async () => {
  sink.close();
  await feed.stop();
  await Promise.all(ends);
  expect(failures.splice(0)).toEqual([]);
});

async function startFeed(ringSize = 3): Promise<void> {
  feed = new FactFeed(facts, facts.signal, {
    pollMs: 60_000,
    ringSize,
    onProgress: () => undefined,
    onFailure: (error) => failures.push(error),
  });
  await feed.start();
}

function follow(to: Sink, options: Partial<StreamOptions> = {}): Promise<StreamEnd> {
  const end = new StreamFacts(facts, feed).run(to, {
    after: null,
    filter: all,
    heartbeatMs: 60_000,
    stallMs: 60_000,
    ...options,
  });
  ends.push(end);
  return end;
}

describe('a stream of facts', () => {
  it('starts after the sequence that is asked for and goes on with what comes', async () => {
    for (let n = 1; n <= 10; n++) facts.add(n);
    await startFeed();
    void follow(sink, { after: 7n });
    await sink.until(() => sink.ids.length === 3);
    facts.add(11);
    await sink.until(() => sink.ids.length === 4);
    expect(sink.ids).toEqual(['8', '9', '10', '11']);
    expect(sink.text).toContain('id: 11\ndata: {"id":"e11"}\n\n');
  });

  it('without one starts with what comes next', async () => {
    facts.add(1);
    await startFeed();
    void follow(sink);
    await sink.until(() => sink.text !== '');
    facts.add(2);
    await sink.until(() => sink.ids.length > 0);
    expect(sink.ids).toEqual(['2']);
  });

  it('loses and repeats nothing for a reader that is behind the ring', async () => {
    await startFeed(2);
    void follow(sink, { after: 0n });
    await sink.until(() => sink.text !== '');
    sink.full = true;
    facts.add(1);
    await sink.until(() => sink.ids.length === 1);
    for (let n = 2; n <= 40; n++) facts.add(n);
    const other = new Sink();
    void follow(other, { after: 38n });
    await other.until(() => other.ids.length === 2);
    sink.drain();
    await sink.until(() => sink.ids.length === 40);
    expect(sink.ids).toEqual(Array.from({ length: 40 }, (_, index) => String(index + 1)));
    other.close();
  });

  it('says so when facts are asked for that are no longer kept', async () => {
    facts.add(100);
    await startFeed();
    void follow(sink, { after: 5n });
    await sink.until(() => sink.ids.length === 1);
    expect(sink.text).toContain('event: gap\ndata: {"after":"5","oldest":"100"}\n\n');
  });

  it('holds back what the filter does not want', async () => {
    facts.add(1, 'deployed', ['staging']);
    facts.add(2, 'rolled-back', ['production']);
    facts.add(3, 'deployed', ['production']);
    await startFeed();
    void follow(sink, { after: 0n, filter: { facts: new Set(['deployed']), environment: 'production' } });
    await sink.until(() => sink.ids.length === 1);
    expect(sink.ids).toEqual(['3']);
  });

  it('beats while nothing happens', async () => {
    await startFeed();
    void follow(sink, { heartbeatMs: 1 });
    await sink.until(() => sink.text.split(': beat\n\n').length > 3);
    expect(sink.ids).toEqual([]);
  });

  it('drops a reader that takes nothing, and holds no more for it than the frame under way', async () => {
    for (let n = 1; n <= 1_000; n++) facts.add(n);
    await startFeed();
    sink.full = true;
    expect(await follow(sink, { after: 0n, stallMs: 1 })).toBe('stalled');
    expect(sink.ids.length).toBeLessThanOrEqual(1);
  });

  it('ends with the feed', async () => {
    await startFeed();
    const end = follow(sink);
    await sink.until(() => sink.text !== '');
    await feed.stop();
    expect(await end).toBe('closed');
  });

  it('costs one query for many readers that are up to date', async () => {
    await startFeed(100);
    const sinks = Array.from({ length: 20 }, () => new Sink());
    for (const each of sinks) void follow(each);
    await Promise.all(sinks.map((each) => each.until(() => each.text !== '')));
    const before = facts.queries;
    facts.add(1);
    await Promise.all(sinks.map((each) => each.until(() => each.ids.length === 1)));
    expect(facts.queries - before).toBeLessThanOrEqual(2);
    for (const each of sinks) each.close();
  });
});

describe('recent facts', () => {
  it('are the newest that match, oldest first, or those after a sequence', async () => {
    for (let n = 1; n <= 6; n++) facts.add(n, n % 2 === 0 ? 'deployed' : 'rolled-back');
    await startFeed();
    const recent = new RecentFacts(facts);
    const deployed = { facts: new Set(['deployed']), environment: null };
    const ids = async (after: bigint | null, limit: number) =>
      (await recent.run({ after, limit, filter: deployed })).map((record) => record.sequence);
    expect(await ids(null, 2)).toEqual(['4', '6']);
    expect(await ids(2n, 1)).toEqual(['4']);
    expect(await ids(6n, 5)).toEqual([]);
  });
});
