import type { KeptFact } from '../domain/facts.ts';
import type { FactSignal, KeptFacts } from './kept-facts.ts';

const PAGE = 500;

export interface FactFeedOptions {
  /** Looks again after this long even when nothing was signalled. */
  readonly pollMs: number;
  /** Newest facts kept in memory, so that many readers cost one query. */
  readonly ringSize: number;
  readonly onProgress: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Follows the kept facts once per replica. Readers pull from it at their own pace: it holds no queue per reader, so
 * a slow one costs nothing but its own delay.
 */
export class FactFeed {
  private readonly facts: KeptFacts;
  private readonly signal: FactSignal;
  private readonly options: FactFeedOptions;
  private ring: KeptFact[] = [];
  /** The ring holds every fact after this one. */
  private floor = 0n;
  private newest = 0n;
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private signalled = false;
  private wake: () => void = () => undefined;
  private readonly waiting = new Set<() => void>();

  constructor(facts: KeptFacts, signal: FactSignal, options: FactFeedOptions) {
    this.facts = facts;
    this.signal = signal;
    this.options = options;
  }

  /** Aborts when the feed ends: readers then end as well. */
  get ended(): AbortSignal {
    return this.stopping.signal;
  }

  async start(): Promise<void> {
    this.newest = (await this.facts.range())?.newest ?? 0n;
    this.floor = this.newest;
    this.signal.start(() => {
      this.signalled = true;
      this.wake();
    });
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    this.release();
    await this.signal.stop();
    await this.loop;
  }

  /** The newest fact that readers can have. */
  get position(): bigint {
    return this.newest;
  }

  /** A page of facts after `sequence`, oldest first; empty when there is none yet. */
  async read(sequence: bigint): Promise<KeptFact[]> {
    if (sequence >= this.newest) return [];
    if (sequence >= this.floor) {
      const from = this.ring.findIndex((kept) => kept.sequence > sequence);
      return this.ring.slice(from, from + PAGE);
    }
    return this.facts.after(sequence, PAGE);
  }

  /** Resolves when there is something after `sequence`, when `timeoutMs` have passed, or when `until` aborts. */
  async waitBeyond(sequence: bigint, timeoutMs: number, until: AbortSignal): Promise<void> {
    if (this.newest > sequence || until.aborted || this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        until.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      until.addEventListener('abort', done, { once: true });
      this.waiting.add(done);
    });
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.signalled = false;
      try {
        while (!this.stopping.signal.aborted && (await this.advance()) === PAGE);
        this.options.onProgress();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.options.onFailure(error);
      }
      await this.pause();
    }
  }

  private async advance(): Promise<number> {
    const page = await this.facts.after(this.newest, PAGE);
    const last = page.at(-1);
    if (last === undefined) return 0;
    const longer = [...this.ring, ...page];
    const dropped = longer.splice(0, Math.max(0, longer.length - this.options.ringSize));
    this.floor = dropped.at(-1)?.sequence ?? this.floor;
    this.ring = longer;
    this.newest = last.sequence;
    this.release();
    return page.length;
  }

  private release(): void {
    for (const done of [...this.waiting]) done();
  }

  private pause(): Promise<void> {
    if (this.signalled || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
      const timer = setTimeout(done, this.options.pollMs);
      this.wake = done;
    });
  }
}
