import { matches, type FactFilter, type KeptFact } from '../domain/facts.ts';
import type { FactFeed } from './fact-feed.ts';
import type { KeptFacts } from './kept-facts.ts';

/** Where a stream of server-sent events goes. */
export interface EventSink {
  /** False: the reader is behind; wait for `drained` before more is written. */
  write(text: string): boolean;
  drained(signal: AbortSignal): Promise<void>;
  /** Aborts when the reader is gone. */
  readonly closed: AbortSignal;
}

export interface StreamOptions {
  /** The last sequence that the reader has; null: begin with what comes next. */
  readonly after: bigint | null;
  readonly filter: FactFilter;
  readonly heartbeatMs: number;
  /** A reader that takes nothing for this long is dropped. */
  readonly stallMs: number;
}

export type StreamEnd = 'closed' | 'stalled';

/**
 * Writes facts as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) until the
 * reader goes away. `id:` is the sequence to come back with. Where facts after `after` are no longer kept, an event
 * `gap` says so first.
 */
export class StreamFacts {
  private readonly facts: KeptFacts;
  private readonly feed: FactFeed;

  constructor(facts: KeptFacts, feed: FactFeed) {
    this.facts = facts;
    this.feed = feed;
  }

  async run(sink: EventSink, options: StreamOptions): Promise<StreamEnd> {
    const until = AbortSignal.any([sink.closed, this.feed.ended]);
    let cursor = options.after ?? this.feed.position;
    let opening = 'retry: 1000\n: gitway facts\n\n';
    if (options.after !== null) {
      const oldest = (await this.facts.range())?.oldest;
      if (oldest !== undefined && oldest > cursor + 1n) {
        opening += `event: gap\ndata: ${JSON.stringify({ after: String(cursor), oldest: String(oldest) })}\n\n`;
      }
    }
    if (!(await this.write(sink, opening, options.stallMs, until))) return until.aborted ? 'closed' : 'stalled';

    while (!until.aborted) {
      const page = await this.feed.read(cursor);
      if (page.length === 0) {
        await this.feed.waitBeyond(cursor, options.heartbeatMs, until);
        if (until.aborted) break;
        if (this.feed.position > cursor) continue;
        if (!(await this.write(sink, ': beat\n\n', options.stallMs, until)))
          return until.aborted ? 'closed' : 'stalled';
        continue;
      }
      for (const kept of page) {
        cursor = kept.sequence;
        if (!matches(kept, options.filter)) continue;
        if (!(await this.write(sink, frameOf(kept), options.stallMs, until)))
          return until.aborted ? 'closed' : 'stalled';
      }
    }
    return 'closed';
  }

  /** False: the reader is gone, or took nothing for too long. */
  private async write(sink: EventSink, text: string, stallMs: number, until: AbortSignal): Promise<boolean> {
    if (until.aborted) return false;
    if (sink.write(text)) return true;
    const deadline = AbortSignal.timeout(stallMs);
    await sink.drained(AbortSignal.any([until, deadline]));
    return !until.aborted && !deadline.aborted;
  }
}

function frameOf(kept: KeptFact): string {
  return `id: ${kept.sequence}\ndata: ${kept.json}\n\n`;
}
