import { describe, expect, it } from '@jest/globals';
import { idsOf, operation, onlyChange } from '../../testing/documents.ts';

const key = { key: [] };
const login = (...scopes: string[]) => ({ login: scopes });

describe('security', () => {
  it.each<[string, object[] | undefined, object[] | undefined, string[]]>([
    ['anybody could call', undefined, [key], ['api-security-added']],
    ['anybody may call', [key], undefined, []],
    ['one more credential', [key], [{ ...key, ...login() }], ['api-security-added']],
    ['another credential', [key], [login()], ['api-security-removed']],
    ['one way more', [key], [key, login()], []],
    ['one way less', [key, login()], [login()], ['api-security-removed']],
    ['optional still', [key, {}], [{}], []],
    ['one more scope', [login('read')], [login('read', 'write')], ['api-security-scope-added']],
    ['one scope less', [login('read', 'write')], [login('read')], []],
  ])('%s', (_name, base, revision, ids) => {
    expect(idsOf(operation({ security: base ?? [] }), operation({ security: revision ?? [] }))).toEqual(ids);
  });

  it('is inherited from the document', () => {
    expect(onlyChange(operation({}), operation({}, { security: [key] }))).toMatchObject({
      id: 'api-security-added',
      level: 'error',
      pointer: '/security',
      message: 'Anybody could call it; callers need `key` now',
    });
    expect(idsOf(operation({ security: [] }), operation({ security: [] }, { security: [key] }))).toEqual([]);
  });
});
