import { describe, expect, it } from '@jest/globals';
import { asParameter, idsOf } from '../../testing/documents.ts';

const header = (schema: Record<string, unknown>) => asParameter(schema, { in: 'header', name: 'x-filter' });

describe('properties of a parameter that is an object', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'a required one more',
      { properties: {} },
      { required: ['a'], properties: { a: {} } },
      ['new-required-request-header-property'],
    ],
    [
      'became required',
      { properties: { a: {} } },
      { required: ['a'], properties: { a: {} } },
      ['request-header-property-became-required'],
    ],
    [
      'takes listed values only',
      { properties: { a: {} } },
      { properties: { a: { enum: ['b'] } } },
      ['request-header-property-became-enum'],
    ],
    ['an optional one more', { properties: {} }, { properties: { a: {} } }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOf(header(base), header(revision))).toEqual(ids);
  });
});
