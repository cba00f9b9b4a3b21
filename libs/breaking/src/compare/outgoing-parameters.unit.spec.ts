import { describe, expect, it } from '@jest/globals';
import { idsOf, onlyChange, operation } from '../testing/documents.ts';

type Parameters = readonly Readonly<Record<string, unknown>>[];
const webhook = (parameters: Parameters, responses: object = {}) =>
  operation({}, { openapi: '3.1.0', webhooks: { born: { post: { parameters, responses } } } });
const callback = (parameters: Parameters) =>
  operation({ callbacks: { done: { '{$request.body#/url}': { parameters, post: {} } } } });
const sequence = { name: 'sequence', in: 'header', required: true, schema: { type: 'integer' } };
const tags = { name: 'tags', in: 'query', schema: { type: 'array' } };

describe('the parameters of a call that the API makes', () => {
  it('are told when they are no longer sent', () => {
    expect(onlyChange(webhook([sequence]), webhook([]))).toMatchObject({
      id: 'required-outgoing-parameter-removed',
      webhook: 'born',
      level: 'error',
      pointer: '/webhooks/born/post/parameters/0',
      message: 'The header parameter `sequence` of the webhook `born` is no longer sent',
    });
    expect(onlyChange(callback([tags]), callback([]))).toMatchObject({
      id: 'optional-outgoing-parameter-removed',
      level: 'warning',
      operation: { method: 'POST', path: '/pets/{id}' },
    });
  });

  it.each([
    ['may be missing', [sequence], [{ ...sequence, required: false }], 'outgoing-parameter-became-optional'],
    ['are written in another way', [tags], [{ ...tags, explode: false }], 'outgoing-parameter-style-changed'],
    ['have another type', [sequence], [{ ...sequence, schema: { type: 'string' } }], 'response-property-type-changed'],
    [
      'have values that nobody knew',
      [{ ...tags, schema: { enum: ['a'] } }],
      [{ ...tags, schema: { enum: ['a', 'b'] } }],
      'response-property-enum-value-added',
    ],
  ])('are told when they %s', (_, before, after, id) => {
    for (const call of [webhook, callback]) expect(idsOf(call(before), call(after))).toEqual([id]);
  });

  it('may be more, surer and narrower', () => {
    expect(idsOf(webhook([]), webhook([sequence]))).toEqual([]);
    expect(idsOf(webhook([{ ...sequence, required: false }]), webhook([sequence]))).toEqual([]);
    expect(idsOf(webhook([tags]), webhook([{ ...tags, schema: { type: 'array', minItems: 1 } }]))).toEqual([]);
  });
});

describe('the answers that the API takes', () => {
  it('are told when one no longer counts as a success', () => {
    expect(onlyChange(webhook([], { 200: {}, 202: {} }), webhook([], { 200: {} }))).toMatchObject({
      id: 'outgoing-answer-removed',
      pointer: '/webhooks/born/post/responses/202',
      message: 'An answer of `202` to the webhook `born` no longer counts as a success',
    });
  });

  it.each([{ '2XX': {} }, { default: {} }, {}])('are covered by %j', (responses) => {
    expect(idsOf(webhook([], { 202: {} }), webhook([], responses))).toEqual([]);
  });

  it('have media types', () => {
    const answer = (type: string) => webhook([], { 200: { content: { [type]: {} } } });
    expect(idsOf(answer('application/json'), answer('text/plain'))).toEqual(['request-body-media-type-removed']);
  });
});
