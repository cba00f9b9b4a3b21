import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeServerData } from '@gitway/servers';
import { pushExample } from '../launcher/first-push.ts';
import { onInterrupt } from '../launcher/interrupt.ts';
import { openPlatform, type PlatformAccess } from '../launcher/platform-access.ts';
import { defaultStateDir } from '../launcher/layout.ts';
import { startPlatform } from '../launcher/platform.ts';
import { terminalReporter } from '../launcher/reporter.ts';
import { StateDirectory } from '../launcher/state-directory.ts';
import { lockOwner } from '../supervisor/process-lock.ts';
import { runDemo } from './run-demo.ts';

export const demoHelp = `npm run demo [-- --dir <folder>] [--json]

Walks through what the platform does, on the one that runs here or on a fresh one that is stopped and forgotten
afterwards, and shows each event with its time:

  1. a good push goes live
  2. a bad push is refused with file, line and column, and what served keeps serving
  3. a change by hand in the gateway is noticed and put back
  4. a change that makes an upstream fail is rolled back by itself, announced, and reverted in Git

Exits with 0 when every step came true, else with 1.

  npm run demo
  npm run demo -- --json
`;

/** @returns the exit code */
export async function demoCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(demoHelp);
    return 0;
  }
  const state = new StateDirectory(values.dir ?? defaultStateDir);
  if (lockOwner(state.lock) !== null) return walk(openPlatform(state), values.json);
  return onFreshPlatform((access) => walk(access, values.json));
}

async function walk(access: PlatformAccess, json: boolean): Promise<number> {
  const stream = json ? process.stderr : process.stdout;
  const outcomes = await runDemo(access, (line) => stream.write(`${line}\n`));
  const ok = outcomes.length > 0 && outcomes.every((outcome) => outcome.ok);
  if (json) process.stdout.write(`${JSON.stringify({ ok, steps: outcomes })}\n`);
  else process.stdout.write(`\n${ok ? 'Every step came true.' : 'The demo failed.'}\n`);
  return ok ? 0 : 1;
}

async function onFreshPlatform(work: (access: PlatformAccess) => Promise<number>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'gitway-demo-'));
  const reporter = terminalReporter();
  const starting = new AbortController();
  const interrupt = onInterrupt();
  const interrupted = interrupt.first.then(() => {
    starting.abort(new Error('interrupted'));
    return 130;
  });
  try {
    reporter.step('no platform runs here: starting a fresh one for the demo');
    const platform = await startPlatform({ stateDir: folder, reporter, signal: starting.signal });
    try {
      const demo = pushExample(platform, reporter).then(() => work(platform));
      return await Promise.race([demo, interrupted]);
    } finally {
      reporter.step('stopping');
      await platform.stop(starting.signal.aborted);
    }
  } finally {
    interrupt.dispose();
    removeServerData(join(folder, 'data', 'postgres'));
    await rm(folder, { recursive: true, force: true });
  }
}
