import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { liveFromCompiled } from './breaking/live-from-compiled.ts';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache, nothingLasts } from './memory-cache.ts';
import { TextCache } from './testing/lasting-cache.ts';
import { bytesOf, edits, editSequences, type Files } from './testing/random-workspace.ts';
import { wholeWorkspace } from './testing/whole-workspace.ts';
import { permissiveDrivers, workspaceOf } from './testing/workspace.ts';
import type { CompileCache, CompileResult, DriverCheck, LastingCache } from './workspace.ts';

/** Thousands: `GITWAY_PROPERTY_RUNS=5000 npx jest libs/compiler/src/edits`; another start: `GITWAY_PROPERTY_SEED=7`. */
const runs = Number(process.env['GITWAY_PROPERTY_RUNS'] ?? 25);
const seed = process.env['GITWAY_PROPERTY_SEED'];
const TIMEOUT_MS = 6 * 3_600_000;
const now = new Date('2026-11-20T12:00:00Z');

/** A gateway that cannot do everything, and says so. */
const plain: DriverCheck = (units, gateway) =>
  units.flatMap(({ unit }) =>
    unit.kind === 'api' && (unit.policy.maintenance ?? null) !== null
      ? [{ unit: `api ${unit.name}`, field: 'policy.maintenance', message: `Gateway ${gateway} cannot.` }]
      : [],
  );
const drivers = { ...permissiveDrivers, plain };
const read = (files: Files) =>
  workspaceOf(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, bytesOf(text)])));

/** What was computed for the first workspace, once for all sequences, and what a sequence adds to it. */
class OverlaidCache implements CompileCache {
  private readonly own = new MemoryCache();
  constructor(private readonly first: CompileCache) {}
  get = (key: string) => this.own.get(key) ?? this.first.get(key);
  set = (key: string, value: object) => this.own.set(key, value);
}

/** Judges against what was valid, as if that were live. */
async function compileOver(base: CompileResult | null, files: Files, cache: CompileCache, lasting: LastingCache) {
  const usage = () => Promise.resolve({ unknown: 'nobody was asked' });
  const baseFiles = read(wholeWorkspace());
  return compileWorkspace(read(files), {
    ...{ drivers, cache, lasting, now },
    ...(base === null
      ? {}
      : { live: (name) => Promise.resolve(liveFromCompiled(base, name, baseFiles, { name: 'live', usage })) }),
  });
}

const seenFrom = ({ environments, documents, findings, suppressed, counts }: CompileResult) => ({
  ...{ findings, suppressed, counts },
  documents: [...documents].sort(([a], [b]) => (a < b ? -1 : 1)),
  environments: environments.map(({ units, ...rest }) => ({ ...rest, units: [...units.keys()].sort() })),
});

/** Fast where they are equal, which is the rule; telling where they differ. */
function expectSame(one: ReturnType<typeof seenFrom>, other: ReturnType<typeof seenFrom>): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) expect(one).toEqual(other);
}

/** What every outcome is: a snapshot, or errors that say where. */
function expectAnOutcome({ environments, findings, counts }: CompileResult): void {
  for (const environment of environments) {
    expect(environment.digest !== null).toBe(environment.counts.errors === 0);
  }
  if (environments.length === 0) expect(counts.errors).toBeGreaterThan(0);
  for (const { rule, severity, where, message, hint } of findings) {
    if (severity !== 'error') continue;
    // What concerns the workspace as a whole has no file; what cannot be read has no lines.
    const nowhere = rule === 'no-environment' || (where.file === undefined && rule.startsWith('gateway-'));
    expect([rule, where.file ?? 'no file']).toEqual([
      rule,
      nowhere ? 'no file' : expect.stringMatching(/\.(yaml|pem)$|^\.gitwayignore$/i),
    ]);
    expect(message.length * (hint ?? '').length).toBeGreaterThan(0);
    if (where.range !== undefined) expect(where.range.line).toBeGreaterThan(0);
  }
}

describe('any edits of a valid workspace', () => {
  it('begin from one that is valid', async () => {
    const { environments, findings, index } = await compileOver(
      null,
      wholeWorkspace(),
      new MemoryCache(),
      nothingLasts,
    );
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(environments.map(({ name, digest }) => [name, typeof digest])).toEqual([
      ['next', 'string'],
      ['production', 'string'],
      ['staging', 'string'],
    ]);
    const kinds = ['Api', 'Policy', 'Plan', 'Consumer', 'Environment', 'Gateway', 'RuleSet', 'Notification'] as const;
    for (const kind of kinds) expect(index.all(kind).length).toBeGreaterThan(1);
  });

  it(
    'give a snapshot or an error that says where, and the same with a cache, after a restart, without, and in another order',
    async () => {
      const counts = { sequences: 0, edits: 0, live: 0, refused: 0 };
      const base = await compileOver(null, wholeWorkspace(), new MemoryCache(), nothingLasts);
      const [firstCache, firstLasting] = [new MemoryCache(), new TextCache()];
      await compileOver(base, wholeWorkspace(), firstCache, firstLasting);
      await fc.assert(
        fc.asyncProperty(editSequences(8), async (sequence) => {
          const files = wholeWorkspace();
          const cache = new OverlaidCache(firstCache);
          const lasting = new TextCache(firstLasting);
          let incremental = await compileOver(base, files, cache, lasting);
          for (const [edit, pick, other] of sequence) {
            if (Object.keys(files).length > 0) edits[edit]!(files, pick, other);
            incremental = await compileOver(base, files, cache, lasting);
            expectAnOutcome(incremental);
            counts.edits++;
            for (const { digest } of incremental.environments) counts[digest === null ? 'refused' : 'live']++;
          }
          // Each beginning of a sequence is a sequence, so it is enough to compare at the end.
          const cold = seenFrom(await compileOver(base, files, new MemoryCache(), nothingLasts));
          expectSame(seenFrom(incremental), cold);
          const backwards = Object.fromEntries(Object.entries(files).reverse());
          expectSame(seenFrom(await compileOver(base, backwards, cache, lasting)), cold);
          expectSame(seenFrom(await compileOver(base, files, new MemoryCache(), lasting)), cold);
          counts.sequences++;
          if (counts.sequences % 500 === 0) process.stdout.write(`${JSON.stringify(counts)}\n`);
        }),
        { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
      );
      // Both ways out are really taken.
      expect(Math.min(counts.live, counts.refused)).toBeGreaterThan(runs / 10);
    },
    TIMEOUT_MS,
  );
});
