import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '@gitway/config';
import { TransientError } from '@gitway/errors';
import { assembleRepository } from '@gitway/examples';
import { z } from 'zod';
import { ConsoleClient } from '../client/console-client.ts';
import { WorkingCopy } from '../client/working-copy.ts';
import { gatewaySites } from '../launcher/layout.ts';
import { addresses, HTTP_PORT } from './layout.ts';

const schema = z.object({
  GIT_TOKEN: z.string(),
  CONSOLE_TOKEN: z.string(),
  DEMO_KEY: z.string(),
  FIRST_PUSH_FOLDER: z.string().default('/tmp/first-push'),
});
export const loadFirstPushConfig = (env?: NodeJS.ProcessEnv) => loadConfig(schema, env);

const LIVE_WITHIN_MS = 180_000;
const POLL_MS = 500;

/** The container `first-push`: pushes the example repository into an empty Git server and waits until it is live. */
export async function firstPushCommand(): Promise<number> {
  const config = loadFirstPushConfig();
  const copy = await WorkingCopy.clone({
    folder: config.FIRST_PUSH_FOLDER,
    url: addresses.repository,
    token: config.GIT_TOKEN,
  });
  if ((await copy.remoteHead()) !== '') {
    process.stdout.write('the repository has been pushed before: nothing to do\n');
    return 0;
  }
  await assembleRepository(copy.folder, {
    contentUpstream: addresses.upstreams.content,
    workUpstream: addresses.upstreams.work,
    demoApiKey: config.DEMO_KEY,
    stagingPort: HTTP_PORT,
    productionPort: HTTP_PORT,
  });
  const { commit, startedAt } = await copy.push('Add the example APIs');
  await untilLive(new ConsoleClient(addresses.console, config.CONSOLE_TOKEN), commit);
  process.stdout.write(`${commit.slice(0, 8)} is live in every environment after ${Date.now() - startedAt} ms\n`);
  return 0;
}

async function untilLive(console: ConsoleClient, commit: string): Promise<void> {
  const deadline = Date.now() + LIVE_WITHIN_MS;
  for (;;) {
    const environments = await console.environments().catch(() => []);
    const live = new Set(environments.filter((one) => one.live?.commit === commit).map(({ name }) => name));
    const missing = gatewaySites.filter(({ environment }) => !live.has(environment));
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      const names = missing.map(({ environment }) => environment).join(', ');
      throw new TransientError(
        'example-not-live',
        `${names} did not serve ${commit.slice(0, 8)} within ${LIVE_WITHIN_MS / 1000} s; see: docker compose logs git-watcher validator deployer`,
      );
    }
    await delay(POLL_MS);
  }
}
