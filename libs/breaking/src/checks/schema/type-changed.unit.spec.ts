import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('a changed type or format', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'another type breaks both directions',
      { type: 'integer' },
      { type: 'boolean' },
      [
        'request-body-type-changed',
        'request-parameter-property-type-specialized',
        'request-parameter-type-changed',
        'request-property-type-changed',
        'response-body-type-changed',
        'response-property-type-changed',
      ],
    ],
    [
      'a wider number breaks who reads it',
      { type: 'integer' },
      { type: 'number' },
      ['response-body-type-changed', 'response-property-type-changed'],
    ],
    [
      'a narrower number breaks who sends it',
      { type: 'number' },
      { type: 'integer' },
      [
        'request-body-type-changed',
        'request-parameter-property-type-specialized',
        'request-parameter-type-changed',
        'request-property-type-changed',
      ],
    ],
    [
      'in a query everything is text',
      { type: 'integer' },
      { type: 'string' },
      [
        'request-body-type-changed',
        'request-property-type-changed',
        'response-body-type-changed',
        'response-property-type-changed',
      ],
    ],
    [
      'a wider format breaks who reads it',
      { type: 'integer', format: 'int32' },
      { type: 'integer', format: 'int64' },
      ['response-body-type-changed', 'response-property-type-changed'],
    ],
    [
      'a new format',
      { type: 'string' },
      { type: 'string', format: 'uuid' },
      [
        'request-body-type-changed',
        'request-parameter-property-type-specialized',
        'request-parameter-type-changed',
        'request-property-type-changed',
        'response-body-type-changed',
        'response-property-type-changed',
      ],
    ],
    ['the same by a reference', { type: 'string' }, { $ref: '#/components/schemas/Text' }, []],
    [
      'the same in an allOf that adds only words',
      { $ref: '#/components/schemas/Text' },
      { description: 'a', allOf: [{ $ref: '#/components/schemas/Text' }, { description: 'b' }] },
      [],
    ],
    [
      'read-only is no part of a request',
      { type: 'string', readOnly: true },
      { type: 'boolean', readOnly: true },
      [
        'request-body-type-changed',
        'request-parameter-property-type-specialized',
        'request-parameter-type-changed',
        'response-body-type-changed',
        'response-property-type-changed',
      ],
    ],
    [
      'write-only is no part of a response',
      { type: 'boolean', writeOnly: true },
      { type: 'object', writeOnly: true },
      [
        'request-body-type-changed',
        'request-parameter-property-type-specialized',
        'request-parameter-type-changed',
        'request-property-type-changed',
        'response-body-type-changed',
      ],
    ],
    [
      'a wider list of types breaks who reads it',
      { type: ['string'] },
      { type: ['string', 'integer'] },
      ['response-body-type-changed', 'response-property-type-changed'],
    ],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
