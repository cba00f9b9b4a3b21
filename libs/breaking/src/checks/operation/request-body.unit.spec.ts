import { expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const body = (members: object, ...types: string[]) =>
  operation({ requestBody: { content: Object.fromEntries(types.map((type) => [type, {}])), ...members } });

it.each<[string, unknown, unknown, string[]]>([
  ['a required one more', operation({}), body({ required: true }, 'a/b'), ['request-body-added-required']],
  ['an optional one more', operation({}), body({}, 'a/b'), []],
  ['none any more', body({}, 'a/b'), operation({}), ['request-body-removed']],
  ['became required', body({}, 'a/b'), body({ required: true }, 'a/b'), ['request-body-became-required']],
  ['became optional', body({ required: true }, 'a/b'), body({}, 'a/b'), []],
  ['a media type less', body({}, 'a/b', 'a/c'), body({}, 'a/b'), ['request-body-media-type-removed']],
  ['a media type with parameters', body({}, 'a/b'), body({}, 'A/b; charset=utf-8'), []],
])('%s', (_name, base, revision, ids) => {
  expect(idsOf(base, revision)).toEqual(ids);
});
