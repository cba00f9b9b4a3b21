import { expect, it } from '@jest/globals';
import { idsOf, operation } from '../../testing/documents.ts';

const scheme = (key: object) => operation({}, { components: { securitySchemes: { key } } });

it('tells a scheme that asks for something else under its old name', () => {
  const base = scheme({ type: 'apiKey', in: 'header', name: 'X-Key', description: 'a' });
  expect(idsOf(base, scheme({ type: 'apiKey', in: 'header', name: 'x-key' }))).toEqual([]);
  expect(idsOf(base, scheme({ type: 'apiKey', in: 'query', name: 'x-key' }))).toEqual([
    'api-security-component-type-changed',
  ]);
  expect(idsOf(base, scheme({ type: 'http', scheme: 'basic' }))).toEqual(['api-security-component-type-changed']);
});
