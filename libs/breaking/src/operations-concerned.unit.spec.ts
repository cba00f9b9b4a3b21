import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './breaking-changes.ts';
import { operationsConcerned } from './operations-concerned.ts';

const whole = (scheme: object, more: object = {}) => ({
  security: [{ key: [] }],
  paths: {
    '/a': { get: { operationId: 'readA' }, put: { operationId: 'writeA', security: [{ login: [], key: [] }] } },
    '/b': { get: { security: [] }, post: { security: [{ login: [] }] } },
  },
  webhooks: { told: { post: {} } },
  components: { securitySchemes: { key: scheme, login: { type: 'http', scheme: 'basic' } } },
  ...more,
});
const header = { type: 'apiKey', in: 'header', name: 'x-key' };
const base = whole(header);
const concerned = operationsConcerned(base);
const names = (revision: unknown) =>
  breakingChanges(base, revision).map((change) => [change.id, concerned(change).map((key) => key.id ?? key.path)]);

describe('operationsConcerned', () => {
  it('names the operation of a change, as the base calls it', () => {
    const { get } = base.paths['/a'];
    expect(names({ ...base, paths: { ...base.paths, '/a': { get } } })).toEqual([
      ['api-removed-without-deprecation', ['writeA']],
    ]);
  });

  it('names the operations that ask for a changed security scheme', () => {
    expect(names(whole({ ...header, in: 'query' }))).toEqual([
      ['api-security-component-type-changed', ['readA', 'writeA']],
    ]);
  });

  it('names all operations for what concerns the whole document', () => {
    const [change] = breakingChanges(base, whole(header, { paths: {} }), { maxChanges: 1 }).slice(-1);
    expect(change?.id).toBe('comparison-incomplete');
    expect(change && concerned(change)).toHaveLength(4);
  });

  it('names none for a webhook', () => {
    expect(names(whole(header, { webhooks: {} }))).toEqual([['webhook-removed', []]]);
  });

  it('reads a document that is none', () => {
    const [change] = breakingChanges(base, whole({ ...header, in: 'query' }));
    expect(change && operationsConcerned('none')(change)).toEqual([]);
  });
});
