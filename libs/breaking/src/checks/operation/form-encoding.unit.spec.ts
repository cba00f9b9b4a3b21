import { describe, expect, it } from '@jest/globals';
import { idsOf, onlyChange, operation } from '../../testing/documents.ts';

const properties = {
  name: { type: 'string' },
  tags: { type: 'array', items: { type: 'string' } },
  meta: { type: 'object' },
  photo: { type: 'string', format: 'binary' },
};
const form = (encoding: object, type = 'multipart/form-data', more: object = {}) =>
  operation({
    requestBody: {
      content: { [type]: { schema: { type: 'object', properties: { ...properties, ...more } }, encoding } },
    },
  });
const urlEncoded = (encoding: object) => form(encoding, 'application/x-www-form-urlencoded');
const answered = (encoding: object) =>
  operation({
    responses: { 200: { description: '', content: { 'multipart/mixed': { schema: { properties }, encoding } } } },
  });

describe('the parts of a form', () => {
  it('are told when they are taken only as they were not written before', () => {
    expect(onlyChange(form({}), form({ meta: { contentType: 'application/xml' } }))).toMatchObject({
      id: 'request-body-encoding-changed',
      pointer: '/paths/~1pets~1{id}/post/requestBody/content/multipart~1form-data/encoding',
      message:
        'The part `meta` of the request body (multipart/form-data) is `application/xml` where it was `application/json`',
    });
  });

  it.each([
    ['a type less', { photo: { contentType: 'image/png, image/jpeg' } }, { photo: { contentType: 'image/png' } }],
    ['a range less', { photo: { contentType: 'image/*' } }, { photo: { contentType: 'image/png' } }],
    ['text that was JSON', { name: { contentType: 'application/json' } }, {}],
    ['another style', { tags: { style: 'form', explode: true } }, { tags: { style: 'pipeDelimited' } }],
  ])('breaks by %s', (_, before, after) => {
    expect(idsOf(form(before), form(after))).toEqual(['request-body-encoding-changed']);
    expect(idsOf(form(before), form(before))).toEqual([]);
  });

  it.each([
    ['a type more', { photo: { contentType: 'image/png' } }, { photo: { contentType: 'image/png,image/jpeg' } }],
    ['a range', { photo: { contentType: 'image/png' } }, { photo: { contentType: 'image/*' } }],
    ['what was usual', {}, { meta: { contentType: 'application/json' }, name: { contentType: 'text/plain' } }],
    ['what is in no schema', {}, { nothing: { contentType: 'text/plain' } }],
  ])('may be written as %s', (_, before, after) => {
    expect(idsOf(form(before), form(after))).toEqual([]);
  });

  it('of a query-like form have styles, which plain values do not differ by', () => {
    expect(idsOf(urlEncoded({}), urlEncoded({ tags: { explode: false } }))).toEqual(['request-body-encoding-changed']);
    expect(idsOf(urlEncoded({}), urlEncoded({ meta: { style: 'deepObject', explode: true } }))).toEqual([
      'request-body-encoding-changed',
    ]);
    expect(idsOf(urlEncoded({}), urlEncoded({ tags: { style: 'form', explode: true } }))).toEqual([]);
    expect(idsOf(urlEncoded({}), urlEncoded({ name: { style: 'spaceDelimited', explode: false } }))).toEqual([]);
    expect(idsOf(urlEncoded({}), urlEncoded({ name: { contentType: 'text/plain' } }))).toEqual([]);
  });

  it('may ask for headers', () => {
    const asking = (required: boolean) => form({ photo: { headers: { 'X-Size': { required, schema: {} } } } });
    expect(onlyChange(asking(false), asking(true))).toMatchObject({
      id: 'request-body-encoding-changed',
      message: 'The part `photo` of the request body (multipart/form-data) must carry the header `x-size` now',
    });
    expect(idsOf(asking(true), asking(false))).toEqual([]);
  });

  it('of a response are judged by those who read them', () => {
    const [png, image] = [{ photo: { contentType: 'image/png' } }, { photo: { contentType: 'image/*' } }];
    expect(idsOf(answered(png), answered(image))).toEqual(['response-body-encoding-changed']);
    expect(idsOf(answered(image), answered(png))).toEqual([]);
  });

  it('are nothing in other bodies', () => {
    const json = (encoding: object) => form(encoding, 'application/json');
    expect(idsOf(json({}), json({ meta: { contentType: 'application/xml' } }))).toEqual([]);
  });
});
