import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventFeed } from '../client/event-feed.ts';
import { Traffic } from '../client/traffic.ts';
import type { PlatformAccess } from '../launcher/platform-access.ts';
import type { DemoContext, DemoStep } from './context.ts';
import { describeFact } from './describe-fact.ts';
import { badPush } from './steps/bad-push.ts';
import { badRelease } from './steps/bad-release.ts';
import { drift } from './steps/drift.ts';
import { goodPush } from './steps/good-push.ts';

export const demoSteps: readonly DemoStep[] = [goodPush, badPush, drift, badRelease];

export interface StepOutcome {
  readonly id: string;
  readonly ok: boolean;
  readonly ms: number;
  /** Why it did not come true; null when it did. */
  readonly reason: string | null;
}

const CALLS_PER_SECOND = 20;
/** An open API that no step changes. */
const STEADY = { staging: 'directory.staging.example.com', production: 'directory.example.com' };

/** Walks the steps on a running platform and tells each event with its time. Stops at the first that does not come true. */
export async function runDemo(access: PlatformAccess, write: (line: string) => void): Promise<StepOutcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gitway-demo-'));
  const feed = await EventFeed.open(access.console);
  const traffic = Object.fromEntries(
    Object.entries(STEADY).map(([environment, host]) => [
      environment,
      new Traffic(
        { url: access.urls.gateways[environment]!, path: '/v2/list.json', headers: { host } },
        CALLS_PER_SECOND,
      ),
    ]),
  );
  const outcomes: StepOutcome[] = [];
  let stepBegan = Date.now();
  const line = (text: string) => write(`${`+${Date.now() - stepBegan}`.padStart(8)} ms  ${text}`);
  feed.onFact(({ fact }) => line(describeFact(fact)));
  try {
    const copy = await access.clone(join(folder, 'repository'));
    const context: DemoContext = { access, feed, copy, traffic, say: (text) => line(`› ${text}`) };
    for (const [index, step] of demoSteps.entries()) {
      write(`\n${index + 1}. ${step.title}`);
      stepBegan = Date.now();
      const reason = await step.run(context).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      outcomes.push({ id: step.id, ok: reason === null, ms: Date.now() - stepBegan, reason });
      line(reason === null ? '✓ came true' : `✗ ${reason}`);
      if (reason !== null) break;
    }
    return outcomes;
  } finally {
    await Promise.all(Object.values(traffic).map((one) => one.stop()));
    await feed.close();
    await rm(folder, { recursive: true, force: true });
  }
}
