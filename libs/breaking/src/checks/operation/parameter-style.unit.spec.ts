import { describe, expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const list = { type: 'array', items: { type: 'string' } };
const withParameter = (members: object) =>
  operation({ parameters: [{ name: 'q', in: 'query', schema: list, ...members }] });

describe('how a parameter is written', () => {
  it.each<[string, object, object, string[]]>([
    ['once for all values', {}, { explode: false }, ['request-parameter-style-changed']],
    ['with other signs between', { explode: false }, { style: 'pipeDelimited' }, ['request-parameter-style-changed']],
    ['the default in so many words', {}, { style: 'form', explode: true }, []],
    ['a value that is no list', { schema: { type: 'string' } }, { schema: { type: 'string' }, explode: false }, []],
    [
      'a value with a sign before it',
      { in: 'path', schema: { type: 'string' } },
      { in: 'path', schema: { type: 'string' }, style: 'matrix' },
      ['request-parameter-style-changed'],
    ],
    [
      'as JSON',
      {},
      { schema: undefined, content: { 'application/json': { schema: list } } },
      ['request-parameter-style-changed'],
    ],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOf(withParameter(base), withParameter(revision))).toEqual(ids);
  });
});
