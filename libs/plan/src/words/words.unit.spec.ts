import { describe, expect, it } from '@jest/globals';
import type { Json } from '../diff/json.ts';
import { judgeApiField } from './api-fields.ts';
import { describeAuth, judgeAuth } from './auth.ts';
import { showValue } from './show-value.ts';

describe('a value as a plan shows it', () => {
  it.each<[string, Json, string]>([
    ['policy.headers.request.set.authorization', 'Basic c2VjcmV0', '(redacted)'],
    ['policy.headers.request.set.x-api-key', 'abc', '(redacted)'],
    ['policy.headers.request.set[x-auth-token]', 'abc', '(redacted)'],
    [
      'channel',
      { url: 'https://user:pw@example.com/x?token=abc', password: 'abc' },
      'password: (redacted), url: https://example.com/x?…',
    ],
    ['basic.ada', '$2b$12$abc', '(redacted)'],
    ['basic', { ada: '$2b$12$abc' }, '(redacted)'],
    ['clientSecret.secret', 'vault:idp', 'vault:idp'],
    ['keyHashes', ['a'.repeat(64)], 'aaaaaaaa…'],
    ['openapi.digest', `sha256-${'b'.repeat(64)}`, 'bbbbbbbb…'],
    ['slowStartMs', 90_000, '1m30s'],
    ['origins', [], 'none'],
    ['origins', Array.from({ length: 9 }, (_, index) => `o${index}`), 'o0, o1, o2, o3, o4, o5, o6, o7 and 1 more'],
  ])('%s', (path, value, shown) => expect(showValue(value, path)).toBe(shown));

  it('is short, and a certificate is its digest', () => {
    expect(showValue('x'.repeat(1_000), 'a')).toHaveLength(200);
    expect(showValue('-----BEGIN CERTIFICATE-----\nMII', 'ca')).toMatch(/^PEM [0-9a-f]{8}…$/);
    expect(showValue(undefined, 'a')).toBeNull();
  });
});

describe('ways to be let in', () => {
  const key = { kind: 'apiKey', header: 'x-api-key', bearer: false, query: null };
  const jwt = (change: Record<string, Json> = {}) => ({
    kind: 'jwt',
    issuer: 'https://id.example.com',
    audience: ['pets'],
    ...change,
  });
  const anyOf = (...methods: Json[]) => ({ kind: 'anyOf', methods });

  it.each<[string, Json, Json, string]>([
    ['one more', key, anyOf(key, jwt()), 'widening'],
    ['one less', anyOf(key, jwt()), key, 'breaking'],
    ['both together', key, { kind: 'allOf', methods: [key, jwt()] }, 'breaking'],
    ['a further audience', jwt(), jwt({ audience: ['pets', 'zoo'] }), 'widening'],
    ['another audience', jwt(), jwt({ audience: ['zoo'] }), 'breaking'],
    ['a scope more', jwt({ scopes: ['a'] }), jwt({ scopes: ['a', 'b'] }), 'breaking'],
    ['a scope less', jwt({ scopes: ['a', 'b'] }), jwt({ scopes: ['a'] }), 'widening'],
    ['of a kind that nobody knows yet', key, { kind: 'dance' }, 'breaking'],
  ])('%s', (_, from, to, severity) => expect(judgeAuth(from, to, 'policy.auth').severity).toBe(severity));

  it('are said in words', () => {
    expect(describeAuth(anyOf(key, jwt(), { kind: 'mtls' }))).toBe(
      'API key in header x-api-key; or token of https://id.example.com; or client certificate',
    );
    expect(judgeAuth(jwt(), jwt({ audience: ['zoo'] }), 'policy.auth').says).toBe(
      'callers are identified as before (token of https://id.example.com); what differs: audience',
    );
  });
});

describe('fields of an API', () => {
  it.each<[string, Json | undefined, Json | undefined, string, string]>([
    ['policy.requestLimits.bodyBytes', 100, 50, 'restricting', 'largest body, bytes 100 → 50'],
    [
      'policy.requestLimits.bodyBytes',
      undefined,
      50,
      'restricting',
      'largest body, bytes: 50, where there was no bound',
    ],
    ['policy.ip.allow', undefined, ['10.0.0.0/8'], 'breaking', 'addresses: only 10.0.0.0/8, where it was any address'],
    ['policy.ip.deny', [], ['10.0.0.0/8'], 'restricting', 'refused addresses added: 10.0.0.0/8'],
    [
      'policy.cors.origins',
      ['https://a.example', 'https://b.example'],
      ['https://b.example'],
      'breaking',
      'origins removed: https://a.example',
    ],
    [
      'policy.maintenance',
      undefined,
      { status: 503, message: 'soon' },
      'breaking',
      'maintenance: every call is answered with 503',
    ],
    ['policy.threatProtection', undefined, { waf: { mode: 'block' } }, 'restricting', 'threat protection is on'],
    ['policy.retries', undefined, { attempts: 2 }, 'neutral', 'retries not set → attempts: 2'],
    ['policy.retries.attempts', 1, 2, 'neutral', 'retries.attempts 1 → 2'],
    ['policy.headers.response.set.server', 'a', 'b', 'unknown', 'headers.response.set.server a → b'],
    [
      'policy.quotas',
      [{ requests: 10, period: 'day', by: 'consumer' }],
      [{ requests: 5, period: 'day', by: 'consumer' }],
      'restricting',
      'limit 10 → 5 calls a day for each consumer',
    ],
    [
      'policy.rateLimits',
      [{ requests: 10, windowMs: 1_000, by: 'ip' }],
      [
        { requests: 10, windowMs: 1_000, by: 'ip' },
        { requests: 100, windowMs: 60_000, by: 'ip' },
      ],
      'restricting',
      'limit 10 calls a second for each client address → 10 calls a second for each client address; 100 calls a minute for each client address',
    ],
    ['policy.somethingNew.inside', 1, 2, 'unknown', 'somethingNew.inside 1 → 2'],
    ['constructor', 1, 2, 'unknown', 'constructor 1 → 2'],
  ])('%s %j → %j', (path, from, to, severity, says) => {
    expect(judgeApiField(path, from, to)).toMatchObject({ severity, says });
  });
});
