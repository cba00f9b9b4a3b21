import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from '../../breaking-changes.ts';
import { idsOf, onlyChange, operation } from '../../testing/documents.ts';

const sending = (webhooks: object) => operation({}, { openapi: '3.1.0', webhooks });
const born = (schema: object) => ({
  born: { post: { requestBody: { content: { 'application/json': { schema } } } } },
});

describe('webhooks', () => {
  it('are told when they are no longer sent', () => {
    const webhooks = { born: { post: {} }, sold: { post: {} } };
    expect(onlyChange(sending(webhooks), sending({ born: { post: {} } }))).toMatchObject({
      id: 'webhook-removed',
      operation: null,
      webhook: 'sold',
      pointer: '/webhooks/sold',
    });
    expect(idsOf(sending(webhooks), sending({ ...webhooks, sold: {} }))).toEqual(['webhook-removed']);
    expect(idsOf(sending(webhooks), sending(webhooks))).toEqual([]);
  });

  it('send what people read', () => {
    expect(onlyChange(sending(born({ type: 'integer' })), sending(born({ type: 'number' })))).toMatchObject({
      id: 'response-body-type-changed',
      operation: null,
      webhook: 'born',
      message: 'What the webhook `born` sends (application/json) is `number` where it was `integer`',
    });
    expect(idsOf(sending(born({})), sending(born({ required: ['a'], properties: { a: {} } })))).toEqual([]);
  });

  it('are kept apart where they share a schema', () => {
    const two = (type: string) => ({
      ...sending({
        a: born({ $ref: '#/components/schemas/Pet' }).born,
        b: born({ $ref: '#/components/schemas/Pet' }).born,
      }),
      components: { schemas: { Pet: { properties: { age: { type } } } } },
    });
    const changes = breakingChanges(two('integer'), two('string'));
    expect(changes.map(({ webhook }) => webhook)).toEqual(['a', 'b']);
    expect(new Set(changes.map(({ key }) => key)).size).toBe(2);
  });
});
