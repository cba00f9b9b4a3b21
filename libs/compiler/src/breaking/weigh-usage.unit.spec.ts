import { expect, it } from '@jest/globals';
import { weighUsage } from './weigh-usage.ts';

it.each([
  ['The API', 'How much the API is used is not known: nobody was asked.'],
  ['`GET /`', 'How much `GET /` is used is not known: nobody was asked.'],
])('says of %s in a sentence that nothing is known of its callers', (name, evidence) => {
  const counted = { operations: null, consumers: null, name };
  expect(weighUsage({ unknown: 'nobody was asked' }, counted, 1_000, new Date(0))).toEqual({
    standing: 'unknown',
    evidence,
  });
});
