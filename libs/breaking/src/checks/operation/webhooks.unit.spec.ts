import { expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

it('tells a webhook that is no longer sent', () => {
  const webhooks = { born: { post: {} }, sold: { post: {} } };
  expect(idsOf(operation({}, { webhooks }), operation({}, { webhooks: { born: {} } }))).toEqual(['webhook-removed']);
  expect(idsOf(operation({}, { webhooks }), operation({}, { webhooks }))).toEqual([]);
});
