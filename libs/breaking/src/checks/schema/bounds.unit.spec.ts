import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('bounds', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'a lower maximum',
      { maximum: 9 },
      { maximum: 8 },
      ['request-body-max-decreased', 'request-parameter-max-decreased', 'request-property-max-decreased'],
    ],
    [
      'a higher maximum',
      { maximum: 8 },
      { maximum: 9 },
      ['response-body-max-increased', 'response-property-max-increased'],
    ],
    [
      'a new maximum',
      {},
      { maximum: 9 },
      ['request-body-max-set', 'request-parameter-max-set', 'request-property-max-set'],
    ],
    ['no maximum any more', { maximum: 9 }, {}, []],
    [
      'a higher minimum',
      { minimum: 1 },
      { minimum: 2 },
      ['request-body-min-increased', 'request-parameter-min-increased', 'request-property-min-increased'],
    ],
    [
      'a lower minimum',
      { minimum: 2 },
      { minimum: 1 },
      ['response-body-min-decreased', 'response-property-min-decreased'],
    ],
    [
      'the limit itself no longer, as 3.0 says it',
      { maximum: 9 },
      { maximum: 9, exclusiveMaximum: true },
      ['request-body-exclusive-max-set', 'request-parameter-exclusive-max-set', 'request-property-exclusive-max-set'],
    ],
    [
      'a lower exclusive maximum, as 3.1 says it',
      { exclusiveMaximum: 9 },
      { exclusiveMaximum: 8 },
      [
        'request-body-exclusive-max-decreased',
        'request-parameter-exclusive-max-decreased',
        'request-property-exclusive-max-decreased',
      ],
    ],
    [
      'longer text is read',
      { maxLength: 8 },
      { maxLength: 9 },
      ['response-body-max-length-increased', 'response-property-max-length-increased'],
    ],
    [
      'text of any length is read',
      { maxLength: 8 },
      {},
      ['response-body-max-length-unset', 'response-property-max-length-unset'],
    ],
    [
      'text must not be empty',
      {},
      { minLength: 1 },
      [
        'request-body-min-length-increased',
        'request-parameter-min-length-increased',
        'request-property-min-length-increased',
      ],
    ],
    [
      'a list may be empty',
      { minItems: 1 },
      {},
      ['response-body-min-items-decreased', 'response-property-min-items-decreased'],
    ],
    [
      'shorter lists',
      { maxItems: 5 },
      { maxItems: 4 },
      [
        'request-body-max-items-decreased',
        'request-parameter-max-items-decreased',
        'request-property-max-items-decreased',
      ],
    ],
    [
      'a longest list',
      {},
      { maxItems: 4 },
      ['request-body-max-items-set', 'request-parameter-max-items-set', 'request-property-max-items-set'],
    ],
    [
      'longer lists are read',
      { maxItems: 4 },
      { maxItems: 5 },
      ['response-body-max-items-increased', 'response-property-max-items-increased'],
    ],
    [
      'fewer properties',
      { maxProperties: 5 },
      { maxProperties: 4 },
      ['request-body-max-properties-decreased', 'request-property-max-properties-decreased'],
    ],
    [
      'more properties',
      {},
      { minProperties: 1 },
      ['request-body-min-properties-increased', 'request-property-min-properties-increased'],
    ],
    [
      'fewer and more properties are read',
      { minProperties: 2, maxProperties: 5 },
      { minProperties: 1, maxProperties: 6 },
      [
        'response-body-max-properties-increased',
        'response-body-min-properties-decreased',
        'response-property-max-properties-increased',
        'response-property-min-properties-decreased',
      ],
    ],
    ['what says nothing anew', { minLength: 0, minItems: 0 }, {}, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
