import { writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { SourceView } from '@gitway/contracts';
import { pushExample, readFirstPush } from './first-push.ts';
import { defaultCacheDir, defaultStateDir } from './layout.ts';
import { startPlatform, type Platform } from './platform.ts';
import { silent, terminalReporter } from './reporter.ts';
import { onInterrupt } from './interrupt.ts';
import { summary } from './summary.ts';

export const startHelp = `npm start [-- options]

Starts PostgreSQL, NATS and HAProxy as private processes on free ports, every service, and the example: a Git server
with a repository of real APIs, and upstreams that answer. State is kept in .gitway; a second start continues from it.

  --no-example      without the example's Git server, upstreams and repository
  --dir <folder>    keep the state there instead of .gitway
  --cache <folder>  keep downloaded servers there instead of .gitway/cache/servers
  --quiet           print nothing but what is wrong
  --json            print one line of JSON when everything is up, instead of the summary

  npm start                         everything
  npm start -- --dir /tmp/other     a second platform beside the first
  npm start -- --no-example         the platform alone, for a repository of your own
  npm run reset                     forget the state
  npm run demo                      walk through what it does
  npm run gitway -- status          ask it how things are

A server that runs elsewhere is used where its URL is given: POSTGRES_URL, NATS_URL, REDIS_URL. GITWAY_HAPROXY_BIN
names another HAProxy.
`;

/** Runs until it is asked to stop. @returns the exit code */
export async function startCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-example': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      dir: { type: 'string' },
      cache: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(startHelp);
    return 0;
  }
  const startedAt = Date.now();
  const reporter = values.quiet ? silent : terminalReporter();
  const starting = new AbortController();
  const interrupt = onInterrupt();
  void interrupt.first.then(() => {
    reporter.step('stopping; Ctrl-C again stops at once');
    starting.abort(new Error('stopped while starting'));
  });
  let platform: Platform | null = null;
  void interrupt.second.then(async () => {
    await platform?.stop(true);
    process.exit(130);
  });
  try {
    platform = await startPlatform({
      example: !values['no-example'],
      reporter,
      signal: starting.signal,
      stateDir: values.dir ?? defaultStateDir,
      cacheDir: values.cache ?? defaultCacheDir,
    });
  } catch (error) {
    if (!starting.signal.aborted) throw error;
    reporter.step('stopped');
    return 130;
  }
  try {
    const earlier = values['no-example'] ? null : readFirstPush(platform);
    const now =
      values['no-example'] || earlier !== null
        ? null
        : await Promise.race([pushExample(platform, reporter), interrupt.first]);
    const firstPush = earlier ?? now ?? null;
    const sources = values['no-example'] ? await followed(platform) : null;
    if (!starting.signal.aborted) {
      const tookMs = Date.now() - startedAt;
      if (values.json)
        say(`${JSON.stringify({ ready: true, tookMs, firstPush, state: platform.state.path, urls: platform.urls })}\n`);
      else if (!values.quiet)
        say(
          summary(platform, {
            firstPush: now ?? null,
            sources,
            showSecrets: platform.firstStart,
            tookMs,
            from: process.cwd(),
          }),
        );
      await interrupt.first;
    }
  } finally {
    if (!starting.signal.aborted) reporter.step('stopping');
    await platform.stop();
    reporter.step('stopped');
    interrupt.dispose();
  }
  return 0;
}

/** Null when nobody can say. */
async function followed({ console }: Platform): Promise<SourceView[] | null> {
  const status = await console.status().catch(() => null);
  return status?.sources ?? null;
}

/** At once, also into a pipe. */
function say(text: string): void {
  writeSync(1, text);
}
