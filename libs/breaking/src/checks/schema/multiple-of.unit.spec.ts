import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

const narrowed = ['body', 'parameter', 'property'].map((place) => `request-${place}-multiple-of-narrowed`);
const widened = ['body', 'property'].map((place) => `response-${place}-multiple-of-widened`);

describe('multipleOf', () => {
  it.each<[string, object, object, string[]]>([
    ['is new', {}, { multipleOf: 5 }, narrowed],
    ['is gone', { multipleOf: 5 }, {}, widened],
    ['takes a part of what it took', { multipleOf: 5 }, { multipleOf: 10 }, narrowed],
    ['takes more than it took', { multipleOf: 10 }, { multipleOf: 5 }, widened],
    ['takes others', { multipleOf: 4 }, { multipleOf: 6 }, [...narrowed, ...widened]],
    ['takes a part in fractions', { multipleOf: 0.1 }, { multipleOf: 0.3 }, narrowed],
    ['is no number that divides', { multipleOf: 0 }, { multipleOf: 0.0 }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas({ type: 'number', ...base }, { type: 'number', ...revision })).toEqual(ids);
  });
});
