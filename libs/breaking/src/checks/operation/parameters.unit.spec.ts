import { describe, expect, it } from '@jest/globals';
import { document, idsOf, operation } from '../../testing/documents.ts';

const q = (members: object = {}) => ({ name: 'q', in: 'query', schema: { type: 'string' }, ...members });
const withParameters = (...parameters: object[]) => operation({ parameters });
const shared = (...parameters: object[]) => document({ parameters, post: { responses: {} } });
const options = { today: '2026-11-23' };

describe('parameters', () => {
  it.each<[string, unknown, unknown, string[]]>([
    [
      'a required one more',
      withParameters(),
      withParameters(q({ required: true })),
      ['new-required-request-parameter'],
    ],
    ['an optional one more', withParameters(), withParameters(q()), []],
    [
      'a required one more for the whole path',
      shared(),
      shared(q({ required: true })),
      ['new-required-request-default-parameter-to-existing-path'],
    ],
    [
      'a path parameter more',
      withParameters(),
      withParameters({ name: 'id', in: 'path', required: true }),
      ['new-request-path-parameter'],
    ],
    [
      'became required',
      withParameters(q()),
      withParameters(q({ required: true })),
      ['request-parameter-became-required'],
    ],
    [
      'became required for the whole path',
      shared(q()),
      shared(q({ required: true })),
      ['request-parameter-became-required'],
    ],
    ['became optional', withParameters(q({ required: true })), withParameters(q()), []],
    ['moved to the path', withParameters(q()), { ...shared(q()) }, []],
    ['one less', withParameters(q()), withParameters(), ['request-parameter-removed']],
    [
      'a deprecated one less',
      withParameters(q({ deprecated: true })),
      withParameters(),
      ['request-parameter-removed-with-deprecation'],
    ],
    [
      'one less before its sunset',
      withParameters(q({ deprecated: true, 'x-sunset': '2027-01-01' })),
      withParameters(),
      ['request-parameter-removed-before-sunset'],
    ],
    [
      'a header in another case',
      withParameters({ name: 'X-A', in: 'header' }),
      withParameters({ name: 'x-a', in: 'header' }),
      [],
    ],
    [
      'moved from query to header',
      withParameters(q()),
      withParameters(q({ in: 'header' })),
      ['request-parameter-removed'],
    ],
  ])('%s', (_name, base, revision, ids) => {
    const same = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replace('"responses":{}', '"responses":{"200":{"description":""}}')) as unknown;
    expect(idsOf(same(base), same(revision), options)).toEqual(ids);
  });

  it('knows a path parameter by its position', () => {
    const path = (name: string, type: string) => ({
      ...document(undefined),
      paths: { [`/pets/{${name}}`]: { get: { parameters: [{ name, in: 'path', required: true, schema: { type } }] } } },
    });
    expect(idsOf(path('id', 'integer'), path('petId', 'integer'))).toEqual([]);
    expect(idsOf(path('id', 'integer'), path('petId', 'boolean'))).toEqual(['request-parameter-type-changed']);
  });
});
