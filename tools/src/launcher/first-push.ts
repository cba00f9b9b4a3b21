import { join } from 'node:path';
import { deployed } from '@gitway/contracts';
import { assembleRepository } from '@gitway/examples';
import { TransientError } from '@gitway/errors';
import { EventFeed } from '../client/event-feed.ts';
import { gatewaySites, proxyName } from './layout.ts';
import type { PlatformAccess } from './platform-access.ts';
import type { Reporter } from './reporter.ts';
import { readJsonFile, writeJsonFile } from './state-directory.ts';

export interface FirstPush {
  readonly commit: string;
  /** From the start of `git push` until the gateway of each environment was read back, by environment. */
  readonly liveAfterMs: Readonly<Record<string, number>>;
}

const LIVE_WITHIN_MS = 120_000;

export const readFirstPush = (access: PlatformAccess) => readJsonFile<FirstPush>(access.state.firstPush);

/** Pushes the example repository as a person would, and waits until every environment serves it. */
export async function pushExample(access: PlatformAccess, reporter: Reporter): Promise<FirstPush> {
  const feed = await EventFeed.open(access.console);
  try {
    const copy = await access.clone(join(access.state.data, 'first-push'));
    await assembleRepository(copy.folder, {
      contentUpstream: `http://127.0.0.1:${access.ports['upstream-content']}`,
      workUpstream: `http://127.0.0.1:${access.ports['upstream-work']}`,
      demoApiKey: access.secrets.demoKey,
      stagingPort: portOf(access, 'staging'),
      productionPort: portOf(access, 'production'),
    });
    reporter.step('pushing the example repository');
    // An earlier start that was interrupted here may have pushed it already.
    const pending = (await copy.git('status', '--porcelain')).trim() !== '';
    const startedAt = Date.now();
    const commit = pending ? (await copy.push('Add the example APIs')).commit : await copy.head();
    const liveAfterMs: Record<string, number> = {};
    for (const { environment } of gatewaySites) {
      if (!pending && (await isLive(access, environment, commit))) continue;
      const data = await waitUntilLive(access, feed, environment, commit);
      liveAfterMs[environment] = data - startedAt;
      reporter.step(`${environment} serves it (${liveAfterMs[environment]} ms after the push began)`);
    }
    const result = { commit, liveAfterMs };
    writeJsonFile(access.state.firstPush, result);
    return result;
  } finally {
    await feed.close();
  }
}

/** Milliseconds since the epoch at which the last gateway of the environment was read back. */
async function waitUntilLive(
  access: PlatformAccess,
  feed: EventFeed,
  environment: string,
  commit: string,
): Promise<number> {
  try {
    const { data } = await feed.until(deployed, (fact) => fact.environment === environment && fact.commit === commit, {
      timeoutMs: LIVE_WITHIN_MS,
      what: `${environment} live with ${commit.slice(0, 8)}`,
    });
    return Math.max(...data.gateways.map(({ reportedAt }) => Date.parse(reportedAt)));
  } catch (error) {
    throw new TransientError(
      'example-not-live',
      `${(error as Error).message}\n  The logs of the services are in ${access.state.logs}.`,
      { cause: error },
    );
  }
}

async function isLive(access: PlatformAccess, environment: string, commit: string): Promise<boolean> {
  const environments = await access.console.environments();
  return environments.some(({ name, live }) => name === environment && live?.commit === commit);
}

function portOf(access: PlatformAccess, environment: string): number {
  const site = gatewaySites.find((candidate) => candidate.environment === environment)!;
  return access.ports[proxyName(site)]!;
}
