import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { runDemo, type StepOutcome } from '@gitway/tools';
import { usePlatform } from './testing/use-platform.ts';

const e2e = usePlatform();

describe('the loop, as the demo walks it', () => {
  let outcomes: StepOutcome[] = [];
  const lines: string[] = [];

  it('walks every step', async () => {
    outcomes = await runDemo(e2e.platform(), (line) => lines.push(line));
    const failed = outcomes.filter(({ ok }) => !ok);
    if (failed.length > 0) throw new Error(lines.join('\n'));
    expect(outcomes.map(({ id }) => id)).toEqual(['good-push', 'bad-push', 'drift', 'bad-release']);
  }, 300_000);

  it('ends with every gateway in sync, no pin and no open incident', async () => {
    const status = await e2e.platform().console.status();
    for (const environment of status.environments ?? []) {
      expect(environment.pin).toBeNull();
      expect(environment.gateways.every(({ inSync }) => inSync)).toBe(true);
    }
    expect(status.incidents).toEqual([]);
  });

  it('leaves a repository whose head is what both environments serve', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gitway-e2e-'));
    try {
      const copy = await e2e.platform().clone(join(folder, 'copy'));
      const head = await copy.head();
      const environments = await e2e.platform().console.environments();
      expect(environments.map(({ live }) => live?.commit)).toEqual([head, head]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
