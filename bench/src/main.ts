import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchmarks } from './benchmarks/index.ts';
import type { Benchmark } from './benchmark.ts';
import type { Figure } from './figure.ts';
import { table } from './table.ts';

const help = `Measures what the README quotes.

  npm run bench                            everything
  npm run bench -- push-live event         only these
  npm run bench -- --json results.json     writes the figures as JSON as well
  npm run bench -- --list                  what there is

${benchmarks.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join('\n')}
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, list: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
});

async function main(): Promise<number> {
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  if (values.list === true) {
    for (const { name, figures } of benchmarks) process.stdout.write(`${name}: ${figures.join(', ')}\n`);
    return 0;
  }
  const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
  if (unknown.length > 0) {
    process.stderr.write(
      `bench: there is no ${unknown.join(', ')}; there are: ${benchmarks.map(({ name }) => name).join(', ')}\n`,
    );
    return 2;
  }
  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const figures: Figure[] = [];
  for (const benchmark of chosen) figures.push(...(await run(benchmark)));
  process.stdout.write(`\n${table(figures)}\n`);
  if (values.json !== undefined) {
    await writeFile(resolve(process.env['INIT_CWD'] ?? '.', values.json), `${JSON.stringify(figures, null, 2)}\n`);
  }
  return figures.some(({ holds }) => holds === false) ? 1 : 0;
}

async function run(benchmark: Benchmark): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'gitway-bench-'));
  const say = (text: string) => void process.stderr.write(`  ${text}\n`);
  process.stderr.write(`${benchmark.name}: ${benchmark.title}\n`);
  try {
    return await benchmark.run({ folder, say });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
