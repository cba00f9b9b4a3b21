import { factSchema, type FactRecord } from '@gitway/contracts';
import { GitwayError } from '@gitway/errors';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { ConsoleClient } from './console-client.ts';

export interface FollowOptions {
  /** The last sequence that is known; null: from now on. */
  readonly after: string | null;
  readonly facts?: string | undefined;
  readonly environment?: string | undefined;
  readonly signal: AbortSignal;
  /** Facts that were asked for are no longer kept. */
  readonly onGap?: (() => void) | undefined;
  /** Once for each outage, however often it is tried again. */
  readonly onInterruption?: ((error: unknown) => void) | undefined;
  /** The outage that was told is over. */
  readonly onReconnection?: (() => void) | undefined;
  /** How long nothing at all (not even a beat) may come before the line is taken for dead. */
  readonly silenceMs?: number;
  readonly reconnectMs?: number;
}

/**
 * Facts as they happen, without end. A line that breaks is opened again where it ended, so that nothing is lost or
 * told twice; a refusal (a wrong token, a wrong argument) ends it.
 */
export async function* followFacts(client: ConsoleClient, options: FollowOptions): AsyncGenerator<FactRecord> {
  let after = options.after;
  let delayMs = options.reconnectMs ?? 500;
  let first = true;
  let isBroken = false;
  while (!options.signal.aborted) {
    try {
      const query = { after: after ?? undefined, facts: options.facts, environment: options.environment };
      const response = await client.open('/api/events', query);
      first = false;
      if (isBroken) options.onReconnection?.();
      isBroken = false;
      for await (const message of messagesOf(response, options)) {
        delayMs = options.reconnectMs ?? 500;
        if (message.event === 'gap') options.onGap?.();
        if (message.id === undefined || message.event !== undefined) continue;
        after = message.id;
        yield { sequence: message.id, fact: factSchema.parse(JSON.parse(message.data)) };
      }
    } catch (error) {
      if (options.signal.aborted) return;
      const passing = !(error instanceof GitwayError) || error.kind === 'transient';
      if (first || !passing) throw error;
      if (!isBroken) options.onInterruption?.(error);
      isBroken = true;
    }
    if (options.signal.aborted) return;
    await pause(delayMs, options.signal);
    delayMs = Math.min(delayMs * 2, 5_000);
  }
}

async function* messagesOf(response: Response, options: FollowOptions): AsyncGenerator<EventSourceMessage> {
  const waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => waiting.push(message) });
  const reader = response.body!.getReader();
  const cancel = () => void reader.cancel().catch(() => undefined);
  options.signal.addEventListener('abort', cancel, { once: true });
  const decoder = new TextDecoder();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      timer = setTimeout(cancel, options.silenceMs ?? 60_000);
      const { done, value } = await reader.read();
      clearTimeout(timer);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* waiting.splice(0);
    }
  } finally {
    clearTimeout(timer);
    options.signal.removeEventListener('abort', cancel);
    cancel();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done, { once: true });
  });
}
