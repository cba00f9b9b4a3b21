import type { EventFeed } from '../client/event-feed.ts';
import type { Traffic } from '../client/traffic.ts';
import type { WorkingCopy } from '../client/working-copy.ts';
import type { PlatformAccess } from '../launcher/platform-access.ts';

/** What every step of the demo works with. */
export interface DemoContext {
  readonly access: PlatformAccess;
  readonly feed: EventFeed;
  readonly copy: WorkingCopy;
  /** Steady calls to an open API in each environment, all through the demo. */
  readonly traffic: Readonly<Record<string, Traffic>>;
  /** Tells the person who watches. */
  say(text: string): void;
}

/** One step: comes true, or throws with what did not. */
export interface DemoStep {
  readonly id: string;
  readonly title: string;
  run(context: DemoContext): Promise<void>;
}

export const EVENT_WITHIN_MS = 30_000;

export function assertDemo(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** Waits until the check gives null; throws its last complaint after the time. */
export async function untilTrue(check: () => Promise<string | null>, withinMs = EVENT_WITHIN_MS): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const complaint = await check();
    if (complaint === null) return;
    if (Date.now() > deadline) throw new Error(`${complaint} (waited ${withinMs} ms)`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Throws when calls failed since then; `what` names the time. */
export function assertServed(context: DemoContext, since: number, what: string): void {
  for (const [environment, traffic] of Object.entries(context.traffic)) {
    const calls = traffic.since(since);
    const failed = calls.filter(({ status }) => status !== 200);
    const first = failed[0];
    assertDemo(
      first === undefined,
      `${failed.length} of ${calls.length} calls to ${environment} failed ${what}: ${first?.error ?? `status ${first?.status}`}`,
    );
    context.say(`${environment}: ${calls.length} calls meanwhile, all answered 200`);
  }
}

export const short = (commit: string) => commit.slice(0, 8);
