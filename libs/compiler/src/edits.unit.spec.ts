import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache } from './memory-cache.ts';
import { edits, editSequences, validWorkspace, type Files } from './testing/random-workspace.ts';
import { permissiveDrivers, workspaceOf } from './testing/workspace.ts';
import type { CompileResult } from './workspace.ts';

/** Thousands: `GITWAY_PROPERTY_RUNS=5000 npx jest libs/compiler/src/edits`. */
const runs = Number(process.env['GITWAY_PROPERTY_RUNS'] ?? 25);
const TIMEOUT_MS = 3_600_000;

const compile = (files: Files, cache = new MemoryCache()) =>
  compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers, cache });

const seenFrom = ({ environments, findings }: CompileResult) => ({
  findings,
  environments: environments.map(({ name, digest, snapshot, units, findings: own, counts }) => ({
    ...{ name, digest, snapshot, own, counts },
    units: [...units.keys()].sort(),
  })),
});

describe('any edits of a valid workspace', () => {
  it('begin from one that is valid', async () => {
    const { environments, findings } = await compile(validWorkspace());
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(environments.map(({ name, digest }) => [name, typeof digest])).toEqual([
      ['production', 'string'],
      ['staging', 'string'],
    ]);
  });

  it(
    'give a snapshot or an error that says where, and the same with a cache, without one, and in another order',
    async () => {
      const counts = { compiles: 0, live: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(editSequences(8), async (sequence) => {
          const files = validWorkspace();
          const cache = new MemoryCache();
          await compile(files, cache);
          for (const [edit, pick, other] of sequence) {
            if (Object.keys(files).length > 0) edits[edit]!(files, pick, other);
            const incremental = await compile(files, cache);
            counts.compiles++;
            expect(seenFrom(incremental)).toEqual(seenFrom(await compile(files)));
            for (const environment of incremental.environments) {
              if (environment.digest === null) counts.refused++;
              else counts.live++;
              expect(environment.digest !== null).toBe(environment.counts.errors === 0);
            }
            if (incremental.environments.length === 0) expect(incremental.counts.errors).toBeGreaterThan(0);
            for (const { rule, severity, where, message, hint } of incremental.findings) {
              if (severity !== 'error') continue;
              // What concerns the workspace as a whole has no file; what cannot be read has no lines.
              expect([rule, where.file ?? 'no file']).toEqual([
                rule,
                rule === 'no-environment' ? 'no file' : expect.stringMatching(/\.yaml$/),
              ]);
              expect(message.length * (hint ?? '').length).toBeGreaterThan(0);
              if (where.range !== undefined) expect(where.range.line).toBeGreaterThan(0);
            }
          }
          const backwards = Object.fromEntries(Object.entries(files).reverse());
          expect(seenFrom(await compile(backwards, cache))).toEqual(seenFrom(await compile(files)));
        }),
        { numRuns: runs },
      );
      // Both ways out are really taken.
      expect(Math.min(counts.live, counts.refused)).toBeGreaterThan(runs / 10);
      if (runs > 1_000) process.stdout.write(`${runs} sequences: ${JSON.stringify(counts)}\n`);
    },
    TIMEOUT_MS,
  );
});
