import type { EventEnvelope } from '@gitway/contracts';

/** One fact on its way to one channel. */
export interface Notification {
  /** The same with every attempt, so that a receiver can tell a repetition. */
  readonly delivery: string;
  readonly event: EventEnvelope;
}

/** A way to tell people or machines. One file each; `registry.ts` lists them. */
export interface Channel {
  /** Resolves when the other side has taken it. Throws for everything else; the message holds no secret. */
  post(notification: Notification): Promise<void>;
}
