import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Authenticate } from './app/authenticate.ts';
import { loadConsoleConfig } from './config.ts';

const secret = 'a-token-nobody-else-has';
const base = {
  GITWAY_NATS_URL: 'nats://127.0.0.1:4222',
  GITWAY_HTTP_PORT: '0',
  GITWAY_INTERNAL_TOKEN: 'internal-token-of-a-test',
  GITWAY_DATABASE_URL: 'postgres://127.0.0.1/console',
  GITWAY_SERVICE_URLS: '{"deployer":"http://127.0.0.1:8103/"}',
};
const load = (tokens: unknown) => loadConsoleConfig({ ...base, GITWAY_CONSOLE_TOKENS: JSON.stringify(tokens) });

describe('the console configuration', () => {
  it('keeps the hash of a token and never the token', () => {
    const config = load([{ name: 'ada', role: 'operator', token: secret }]);
    expect(JSON.stringify(config)).not.toContain(secret);
    expect(config.GITWAY_SERVICE_URLS).toEqual({ deployer: 'http://127.0.0.1:8103' });
    expect(config.GITWAY_EVENTS_KEPT).toBe(10_000);
  });

  it.each([
    ['both forms', [{ name: 'a', role: 'viewer', token: secret, sha256: '0'.repeat(64) }], 'either token or sha256'],
    ['neither form', [{ name: 'a', role: 'viewer' }], 'either token or sha256'],
    ['an unknown role', [{ name: 'a', role: 'root', token: secret }], 'viewer, operator'],
    ['a short token', [{ name: 'a', role: 'viewer', token: 'short' }], '16 characters'],
    ['an unknown field', [{ name: 'a', role: 'viewer', token: secret, admin: true }], 'not known'],
    ['nobody', [], 'at least one token'],
    ['a name twice', ['1', '2'].map((n) => ({ name: 'a', role: 'viewer', token: secret + n })), 'one name twice'],
    ['a token twice', ['a', 'b'].map((name) => ({ name, role: 'viewer', token: secret })), 'one token twice'],
  ])('refuses %s', (_, tokens, words) => {
    expect(() => load(tokens)).toThrow(words);
    try {
      load(tokens);
    } catch (error) {
      expect(String(error)).not.toContain(secret);
    }
  });

  it('refuses addresses of services that do not exist or are no URL', () => {
    const urls = (text: string) => () =>
      loadConsoleConfig({
        ...base,
        GITWAY_CONSOLE_TOKENS: JSON.stringify([{ name: 'a', role: 'viewer', token: secret }]),
        GITWAY_SERVICE_URLS: text,
      });
    expect(urls('{"deployer":"127.0.0.1:1"}')).toThrow('GITWAY_SERVICE_URLS');
    expect(urls('{"deploy":"http://127.0.0.1:1"}')).toThrow('GITWAY_SERVICE_URLS');
    expect(urls('not json')).toThrow('must be JSON');
  });
});

describe('Authenticate', () => {
  const authenticate = new Authenticate([
    { name: 'ada', role: 'operator', sha256: createHash('sha256').update(secret).digest('hex') },
    { name: 'bob', role: 'viewer', sha256: createHash('sha256').update('another-token-entirely').digest('hex') },
  ]);
  it('finds who a token belongs to', () => {
    expect(authenticate.principalOf(`Bearer ${secret}`)).toEqual({ name: 'ada', role: 'operator' });
    expect(authenticate.principalOf('bearer another-token-entirely')).toEqual({ name: 'bob', role: 'viewer' });
  });
  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    secret,
    `Basic ${secret}`,
    `Bearer ${secret}x`,
    `Bearer ${secret} x`,
    `Bearer ${createHash('sha256').update(secret).digest('hex')}`,
    `Bearer ${'x'.repeat(100_000)}`,
  ])('knows nobody by %p', (header) => {
    expect(authenticate.principalOf(header)).toBeNull();
  });
});
