import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from '../../breaking-changes.ts';
import { idsOf, onlyChange, operation } from '../../testing/documents.ts';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const calling = (post: object) => operation({ callbacks: { done: { '{$request.body#/url}': { post } } } });
const sends = (schema: object) => calling({ requestBody: json(schema) });
const isAnswered = (schema: object) => calling({ responses: { 200: json(schema) } });

describe('callbacks', () => {
  it('are told when they are no longer made', () => {
    expect(onlyChange(sends({}), operation({}))).toMatchObject({
      id: 'callback-removed',
      operation: { method: 'POST', path: '/pets/{id}' },
      document: 'base',
      message: 'The callback `done` (POST {$request.body#/url}) is no longer made',
    });
  });

  it('send what people read', () => {
    const known = { properties: { state: { enum: ['on'] }, at: { type: 'string' } }, required: ['at'] };
    const more = { properties: { state: { enum: ['on', 'off'] }, at: { type: 'string' } } };
    expect(idsOf(sends(known), sends(more))).toEqual([
      'response-property-became-optional',
      'response-property-enum-value-added',
    ]);
    expect(idsOf(sends({}), sends({ required: ['at'], properties: { at: {} } }))).toEqual([]);
  });

  it('are answered by what people write', () => {
    const asked = { properties: { ok: { type: 'boolean' } }, required: ['ok'] };
    expect(idsOf(isAnswered({}), isAnswered(asked))).toEqual(['new-required-request-property']);
  });

  it('keep their media type', () => {
    const xml = calling({ requestBody: { content: { 'application/xml': {} } } });
    expect(breakingChanges(sends({}), xml).map(({ id }) => id)).toEqual(['response-media-type-removed']);
  });
});
