import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { breakingChanges } from './breaking-changes.ts';
import { isObject } from './document/json.ts';
import { harmlessPair, pairWithout, shuffled, spoiled } from './testing/edits.ts';
import { revisedPair } from './testing/mutations.ts';
import { realDocuments } from './testing/real-documents.ts';

const documents = realDocuments();
const errorsOf = (base: unknown, revision: unknown) =>
  breakingChanges(base, revision).filter(({ level }) => level === 'error');

function at(document: unknown, pointer: string): unknown {
  let value = document;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    value = Array.isArray(value) ? value[Number(name)] : isObject(value) ? value[name] : undefined;
  }
  return value;
}

describe('edits of real documents', () => {
  it('are real documents', () => {
    expect(documents.length).toBeGreaterThan(100);
  });

  it('differ in nothing from themselves', () => {
    fc.assert(
      fc.property(revisedPair(documents), fc.boolean(), ({ base, revision }, literalAllOf) => {
        expect(breakingChanges(base, structuredClone(base), { literalAllOf })).toEqual([]);
        expect(breakingChanges(revision, structuredClone(revision), { literalAllOf })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('give the same list, whatever the order of members', () => {
    fc.assert(
      fc.property(revisedPair(documents), fc.nat(), ({ base, revision }, seed) => {
        const list = breakingChanges(base, revision);
        expect(breakingChanges(shuffled(base, seed), shuffled(revision, seed + 1))).toEqual(list);
      }),
      { numRuns: 300 },
    );
  });

  it('give changes with a key each, and with places that are there', () => {
    fc.assert(
      fc.property(revisedPair(documents), ({ base, revision }) => {
        const list = breakingChanges(base, revision);
        expect(new Set(list.map(({ key }) => key)).size).toBe(list.length);
        for (const { document, pointer, id } of list) {
          const found = at(document === 'base' ? base : revision, pointer);
          if (found === undefined) throw new Error(`${id}: there is no ${pointer} in the ${document}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('give no error where they only add what may be left out', () => {
    fc.assert(
      fc.property(harmlessPair(documents), ({ base, revision }) => {
        expect(errorsOf(base, revision)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('are always told when they take an operation away', () => {
    fc.assert(
      fc.property(pairWithout(documents), ({ base, revision, gone }) => {
        const told = breakingChanges(base, revision).map(({ id, operation }) => [
          id,
          operation?.method,
          operation?.path,
        ]);
        expect(told).toEqual([
          [expect.stringMatching(/^api-(?:path-)?removed-|^api-path-sunset-parse$/), gone.method, gone.path],
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it('are compared without a fault, whatever is wrong in them', () => {
    fc.assert(
      fc.property(spoiled(documents), spoiled(documents), fc.boolean(), (one, other, literalAllOf) => {
        breakingChanges(one, other, { literalAllOf });
        expect(breakingChanges(one, structuredClone(one), { literalAllOf })).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
