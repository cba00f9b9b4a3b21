import { describe, expect, it } from '@jest/globals';
import { mayDo, permissions, roles } from './access.ts';
import { environmentsOf, factNameOf, matches } from './facts.ts';
import { headersToForward } from './webhook-headers.ts';

describe('roles', () => {
  it('a viewer reads and nothing else; an operator does everything', () => {
    const table = roles.map((role) => [role, permissions.filter((permission) => mayDo(role, permission))]);
    expect(table).toEqual([
      ['viewer', ['read']],
      ['operator', ['read', 'command', 'audit']],
    ]);
  });
});

describe('facts', () => {
  it('are named by their subject and belong to the environments in their data', () => {
    expect(factNameOf({ subject: 'gitway.deployer.rolled-back.production', type: 'x' })).toBe('rolled-back');
    expect(environmentsOf({ environment: 'production' })).toEqual(['production']);
    expect(environmentsOf({ environments: ['staging', 'production', 7] })).toEqual(['staging', 'production']);
    expect(environmentsOf({ environment: null })).toEqual([]);
    expect(environmentsOf(null)).toEqual([]);
    expect(environmentsOf('production')).toEqual([]);
  });

  it('are filtered by name and by environment, both at once', () => {
    const kept = { fact: 'deployed', environments: ['production'] };
    const match = (facts: string[] | null, environment: string | null) =>
      matches(kept, { facts: facts === null ? null : new Set(facts), environment });
    expect(match(null, null)).toBe(true);
    expect(match(['deployed', 'rolled-back'], 'production')).toBe(true);
    expect(match(['rolled-back'], 'production')).toBe(false);
    expect(match(['deployed'], 'staging')).toBe(false);
    expect(match([], null)).toBe(false);
  });
});

describe('headers of a webhook', () => {
  it('that name the event and carry the signature travel on, and no others', () => {
    expect(
      headersToForward({
        'content-type': 'application/json',
        'x-hub-signature-256': 'sha256=ab',
        'x-github-event': 'push',
        'x-github-delivery': '1',
        'x-gitlab-token': 't',
        'webhook-id': 'w',
        'gitway-internal-token': 'forged',
        authorization: 'Bearer forged',
        cookie: 'a=b',
        host: 'example.com',
        'content-length': '12',
        'transfer-encoding': 'chunked',
        'x-forwarded-for': '10.0.0.1',
        'x-github-': 'short',
        'x-gitea-event': ['a', 'b'],
        'x-gitea-delivery': 'x'.repeat(1_001),
        'x-other': 'no',
      }),
    ).toEqual({
      'content-type': 'application/json',
      'x-hub-signature-256': 'sha256=ab',
      'x-github-event': 'push',
      'x-github-delivery': '1',
      'x-gitlab-token': 't',
      'webhook-id': 'w',
    });
  });
});
