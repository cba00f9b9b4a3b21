import { expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const statuses = (...names: string[]) =>
  operation({ responses: Object.fromEntries(names.map((name) => [name, { description: '' }])) });
const ok = (members: object) => operation({ responses: { 200: { description: '', ...members } } });
const types = (...names: string[]) => ok({ content: Object.fromEntries(names.map((name) => [name, {}])) });
const header = (rate?: object) => ok({ headers: rate === undefined ? {} : { 'X-Rate': rate } });

it.each<[string, unknown, unknown, string[]]>([
  ['a success less', statuses('200', '201'), statuses('200'), ['response-success-status-removed']],
  ['a failure less', statuses('200', '404'), statuses('200'), ['response-non-success-status-removed']],
  ['a status more', statuses('200'), statuses('200', '201', 'default'), []],
  ['a media type less', types('application/json', 'text/csv'), types('text/csv'), ['response-media-type-removed']],
  [
    'a more general media type',
    types('application/problem+json'),
    types('application/json'),
    ['response-media-type-name-generalized'],
  ],
  ['a more special media type', types('application/json'), types('application/problem+json'), []],
  ['a header less that was always there', header({ required: true }), header(), ['required-response-header-removed']],
  ['a header less', header({}), header(), ['optional-response-header-removed']],
  ['a header that may be left out', header({ required: true }), header({}), ['response-header-became-optional']],
  ['a header more', header(), header({ required: true }), []],
  [
    'a header of another type',
    header({ schema: { type: 'integer' } }),
    header({ schema: { type: 'boolean' } }),
    ['response-header-type-changed'],
  ],
  [
    'a header with one value more',
    header({ schema: { enum: ['a'] } }),
    header({ schema: { enum: ['a', 'b'] } }),
    ['response-header-enum-value-added'],
  ],
  ['a link less', ok({ links: { next: {}, last: {} } }), ok({ links: { last: {} } }), ['response-link-removed']],
])('%s', (_name, base, revision, ids) => {
  expect(idsOf(base, revision)).toEqual(ids);
});
