import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { commitDetected, treeSchema } from '@gitway/contracts';

import { usePlatform } from './testing/use-platform.ts';

const platform = usePlatform();
const folder = fileURLToPath(new URL('../', import.meta.url));

/** The service as the process that it is in production. */
async function startProcess(env: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  platform.atEnd(async () => void child.kill('SIGKILL'));
  return child;
}

async function isReady(child: ChildProcess): Promise<void> {
  let printed = '';
  for await (const chunk of child.stdout!) {
    printed += String(chunk);
    if (/"msg":"ready"/.test(printed)) break;
  }
  child.stdout!.resume();
}

describe('kill -9', () => {
  beforeAll(async () => {
    const root = join(folder, '../..');
    const { PATH, HOME } = process.env;
    const build = spawn(join(root, 'node_modules/.bin/tsc'), ['-b', folder], {
      cwd: root,
      env: { PATH, HOME },
    });
    const [code] = (await once(build, 'close')) as [number];
    expect(code).toBe(0);
  }, 120_000);

  it('at any moment between a push and its event loses nothing and repeats nothing', async () => {
    const { name, copy, source } = await platform.newSource({ pollInterval: 200 });
    const dataDir = await mkdtemp(join(platform.folder(), 'data-'));
    const env = { ...(await platform.environment([source], dataDir)), GITWAY_LOG_LEVEL: 'info' };
    for (let n = 0; n < 40; n++)
      await copy.write(`apis/api-${n}/openapi.json`, JSON.stringify({ n, x: 'x'.repeat(n * 5000) }));
    const commits = [await copy.commit('First')];
    await copy.push();

    // Each round a new commit meets a process that is killed a little later in its work.
    for (const delayMs of [0, 15, 30, 45, 60, 80, 100, 130]) {
      const child = await startProcess(env);
      await isReady(child);
      const commit = await copy.change(`round-${delayMs}.yaml`, `${'y: 1\n'.repeat(2000)}z: ${delayMs}\n`);
      commits.push(commit);
      await delay(150 + delayMs);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const child = await startProcess(env);
    await isReady(child);
    const last = await copy.change('last.yaml', 'last: true\n');
    const events = await waitForCommit(name, last);

    // What was seen is a part of what was pushed, in order, each once, and every step says what it follows.
    const seen = events.map(({ data }) => data.commit);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...commits, last].filter((commit) => seen.includes(commit)));
    expect(events.map(({ data }) => data.previousCommit)).toEqual([null, ...seen.slice(0, -1)]);
    // And every blob of the last tree is there, whoever put it.
    const artifacts = await platform.artifacts();
    const { entries } = await artifacts.getJson('tree', events.at(-1)!.data.tree.digest, treeSchema);
    const blobs = await artifacts.getBlobs(entries.map(({ oid }) => oid));
    expect(blobs.size).toBe(new Set(entries.map(({ oid }) => oid)).size);
  }, 120_000);

  async function waitForCommit(name: string, commit: string) {
    for (let count = 1; ; count++) {
      const events = await platform.eventsOf(commitDetected, name, count);
      if (events.at(-1)!.data.commit === commit) return events;
      count = Math.max(count, events.length);
    }
  }
});
