import { describe, expect, it } from '@jest/globals';
import { idsOfSchemas } from '../../testing/documents.ts';

describe('keywords of JSON Schema', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string[]]>([
    [
      'contains',
      {},
      { contains: { type: 'string' } },
      ['request-body-contains-added', 'request-property-contains-added'],
    ],
    [
      'no condition any more',
      JSON.parse('{"if":{},"then":{"minLength":1}}') as Record<string, unknown>,
      {},
      [
        'response-body-if-removed',
        'response-body-then-removed',
        'response-property-if-removed',
        'response-property-then-removed',
      ],
    ],
    [
      'a new dependency',
      { dependentRequired: {} },
      { dependentRequired: { a: ['b'] } },
      ['request-body-dependent-required-added', 'request-property-dependent-required-added'],
    ],
    [
      'another dependency',
      { dependentRequired: { a: ['b'] } },
      { dependentRequired: { a: ['c'] } },
      [
        'request-body-dependent-required-changed',
        'request-property-dependent-required-changed',
        'response-body-dependent-required-changed',
        'response-property-dependent-required-changed',
      ],
    ],
    [
      'another encoding',
      { contentEncoding: 'base64' },
      { contentEncoding: 'base32' },
      [
        'request-body-content-encoding-changed',
        'request-property-content-encoding-changed',
        'response-body-content-encoding-changed',
        'response-property-content-encoding-changed',
      ],
    ],
    [
      'fewer leading items',
      { prefixItems: [{}, {}] },
      { prefixItems: [{}] },
      ['request-body-prefix-items-removed', 'request-property-prefix-items-removed'],
    ],
    [
      'more leading items',
      { prefixItems: [{}] },
      { prefixItems: [{}, {}] },
      ['response-body-prefix-items-added', 'response-property-prefix-items-added'],
    ],
    ['a true schema restricts nothing', {}, { unevaluatedProperties: true }, []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOfSchemas(base, revision)).toEqual(ids);
  });
});
