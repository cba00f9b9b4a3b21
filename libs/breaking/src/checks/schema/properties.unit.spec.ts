import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('properties', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'one less',
      { properties: { a: {}, b: {} } },
      { properties: { a: {} } },
      ['request-property-removed', 'response-optional-property-removed'],
    ],
    [
      'a required one less',
      { required: ['b'], properties: { a: {}, b: {} } },
      { properties: { a: {} } },
      ['request-property-removed', 'response-required-property-removed'],
    ],
    [
      'a read-only one less',
      { properties: { b: { readOnly: true } } },
      { properties: {} },
      ['response-optional-property-removed'],
    ],
    [
      'a write-only one less',
      { properties: { b: { writeOnly: true } } },
      { properties: {} },
      ['request-property-removed'],
    ],
    ['an optional one more', { properties: {} }, { properties: { b: {} } }, []],
    [
      'a required one more',
      { properties: {} },
      { required: ['b'], properties: { b: {} } },
      ['new-required-request-header-property', 'new-required-request-property'],
    ],
    [
      'a required one more with a default',
      { properties: {} },
      { required: ['b'], properties: { b: { default: 1 } } },
      [],
    ],
    [
      'became required',
      { properties: { b: {} } },
      { required: ['b'], properties: { b: {} } },
      ['request-header-property-became-required', 'request-property-became-required'],
    ],
    [
      'became optional',
      { required: ['b'], properties: { b: {} } },
      { properties: { b: {} } },
      ['response-property-became-optional'],
    ],
    [
      'a read-only one became required',
      { properties: { b: { readOnly: true } } },
      { required: ['b'], properties: { b: { readOnly: true } } },
      [],
    ],
    ['a name that every object has', { properties: {} }, { required: ['constructor'], properties: {} }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
