import { factSchema, type EventDefinition, type EventEnvelope, type Fact } from '@gitway/contracts';
import { TransientError } from '@gitway/errors';
import type { ConsoleClient } from './console-client.ts';
import { SseParser } from './sse.ts';

export interface SeenFact {
  readonly fact: Fact;
  /** When it arrived here, milliseconds since the epoch. */
  readonly seenAt: number;
}

type Waiter = { matches: (seen: SeenFact) => boolean; resolve: (seen: SeenFact) => void };

/** How many facts are kept to look back on. */
const KEPT = 5_000;
const RECONNECT_MS = 200;

/**
 * Everything that happens on the platform from now on (or from a sequence on), as the console's event stream tells
 * it. Comes back after a lost connection where it was.
 */
export class EventFeed {
  readonly seen: SeenFact[] = [];
  private readonly waiters = new Set<Waiter>();
  private readonly closing = new AbortController();
  private listener: ((seen: SeenFact) => void) | null = null;
  private opened: Promise<void>;
  private done: Promise<void>;

  private constructor(
    private readonly console: ConsoleClient,
    private after: string | null,
  ) {
    let markOpen: () => void = () => {};
    this.opened = new Promise((resolve) => (markOpen = resolve));
    this.done = this.run(markOpen);
  }

  /** Resolves when the stream stands, so that nothing is missed from here on. */
  static async open(console: ConsoleClient, after: string | null = null): Promise<EventFeed> {
    const feed = new EventFeed(console, after);
    const timer = new Promise<never>((_, reject) => {
      setTimeout(
        () => reject(new TransientError('no-events', 'the event stream did not open within 15 s')),
        15_000,
      ).unref();
    });
    try {
      await Promise.race([feed.opened, timer]);
    } catch (error) {
      await feed.close();
      throw error;
    }
    return feed;
  }

  onFact(listener: (seen: SeenFact) => void): void {
    this.listener = listener;
  }

  /**
   * The first fact of this kind that satisfies `matches`, also one that was seen before unless `since` excludes it.
   *
   * @throws TransientError that says what was waited for and what came instead
   */
  async until<Data>(
    definition: EventDefinition<Data>,
    matches: (data: Data) => boolean,
    options: { timeoutMs: number; since?: number; what?: string },
  ): Promise<EventEnvelope<Data> & { seenAt: number }> {
    const since = options.since ?? 0;
    const fits = ({ fact, seenAt }: SeenFact) =>
      seenAt >= since && fact.type === definition.type && matches(fact.data as Data);
    const found = this.seen.find(fits) ?? (await this.wait(fits, options.timeoutMs));
    if (found !== null) return { ...(found.fact as EventEnvelope<Data>), seenAt: found.seenAt };
    const others = this.seen
      .filter(({ seenAt }) => seenAt >= since)
      .map(({ fact }) => fact.type.replace('dev.gitway.', ''));
    throw new TransientError(
      'event-did-not-come',
      `${options.what ?? definition.fact} did not come within ${options.timeoutMs} ms; seen meanwhile: ${others.slice(-20).join(', ') || 'nothing'}`,
    );
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.done;
  }

  private wait(matches: (seen: SeenFact) => boolean, timeoutMs: number): Promise<SeenFact | null> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        matches,
        resolve: (seen) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          resolve(seen);
        },
      };
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        resolve(null);
      }, timeoutMs);
      this.waiters.add(waiter);
    });
  }

  private async run(opened: () => void): Promise<void> {
    while (!this.closing.signal.aborted) {
      try {
        await this.read(opened);
      } catch {
        // Lost or not there yet; come back with the last id.
      }
      if (!this.closing.signal.aborted) await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
    }
  }

  private async read(opened: () => void): Promise<void> {
    const query = this.after === null ? '' : `?after=${this.after}`;
    const response = await fetch(`${this.console.url}/api/events${query}`, {
      headers: { ...this.console.headers, accept: 'text/event-stream' },
      signal: this.closing.signal,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return;
    }
    const parser = new SseParser();
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      // The first bytes come when the position in the stream is fixed.
      opened();
      for (const event of parser.push(decoder.decode(chunk as Uint8Array, { stream: true }))) {
        if (event.id !== null) this.after = event.id;
        if (event.event === 'message') this.take(event.data);
      }
    }
  }

  private take(text: string): void {
    const parsed = factSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const seen = { fact: parsed.data, seenAt: Date.now() };
    this.seen.push(seen);
    if (this.seen.length > KEPT) this.seen.shift();
    this.listener?.(seen);
    for (const waiter of [...this.waiters]) if (waiter.matches(seen)) waiter.resolve(seen);
  }
}
