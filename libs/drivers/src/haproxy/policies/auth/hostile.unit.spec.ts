import { describe, expect, it } from '@jest/globals';
import type { AuthMethod } from '@gitway/contracts';
import fc from 'fast-check';
import { jwtAuth } from '../../../testing/tokens.ts';
import { aConsumer, aContext, aGateway, anApi, aShard, policyOf, stored } from '../../../testing/units.ts';
import { haproxy } from '../../driver.ts';

const introspection: Extract<AuthMethod, { kind: 'introspection' }> = {
  kind: 'introspection',
  url: 'http://auth.example.com/introspect',
  clientId: 'gateway',
  clientSecret: { secret: 'client' },
  cacheForMs: 1000,
  consumerClaim: 'sub',
};
const forward: Extract<AuthMethod, { kind: 'forward' }> = {
  kind: 'forward',
  url: 'http://auth.example.com/decide',
  timeoutMs: 1000,
  sendHeaders: ['cookie'],
  takeHeaders: ['x-user'],
};

const places: Readonly<Record<string, (value: string) => AuthMethod>> = {
  issuer: (value) => jwtAuth({ issuer: value }),
  audience: (value) => jwtAuth({ audience: [value] }),
  algorithm: (value) => jwtAuth({ algorithms: [value] }),
  'token header': (value) => jwtAuth({ header: value }),
  cookie: (value) => jwtAuth({ cookie: value }),
  'scope claim': (value) => jwtAuth({ scopeClaim: value, scopes: ['x'] }),
  'consumer claim': (value) => jwtAuth({ consumerClaim: value }),
  scope: (value) => jwtAuth({ scopes: [value] }),
  'claim name': (value) => jwtAuth({ claims: { [value]: ['x'] } }),
  'claim value': (value) => jwtAuth({ claims: { x: [value] } }),
  realm: (value) => ({ kind: 'basic', realm: value }),
  'introspection url': (value) => ({ ...introspection, url: value }),
  'client id': (value) => ({ ...introspection, clientId: value }),
  'forward url': (value) => ({ ...forward, url: value }),
  'sent header': (value) => ({ ...forward, sendHeaders: [value] }),
  'taken header': (value) => ({ ...forward, takeHeaders: [value] }),
};

const benign: Readonly<Record<string, string>> = {
  algorithm: 'RS256',
  'introspection url': introspection.url,
  'forward url': forward.url,
};

const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      '}',
      '{',
      '||',
      'or',
      'if',
      '-x',
      '--',
      '',
      ' ',
      "'",
      '"',
      '\\',
      '\n',
      '\r\n',
      '\0',
      '%[src]',
      '%',
      '$HOME',
      '#',
    ],
    ...[
      'x } { always_true',
      "x' }\n    http-request deny",
      'x"),map(/etc/passwd',
      ')',
      ',',
      'a,b',
      '\\1',
      '@{keys}',
      '"]',
      '["a"]',
    ],
    ...['authorization', 'host', 'x-gitway-consumer', "http://x/' }", 'https://u:p@h/', 'RS256', 'none', 'HS256'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => `http://x/${text}`),
);

const provided = {
  version: '1',
  secrets: new Map([['client', 'secret']]),
  keySets: new Map(),
};
const configurationOf = (auth: AuthMethod) => {
  const units = stored([aGateway, anApi('pets', { policy: policyOf({ auth }) })]);
  const problems = haproxy.check(units, 'edge');
  return problems.length > 0 ? null : haproxy.render(units, aContext({ provided }));
};

/** Every line without what is quoted: no user's text stands outside of quotes but in plain words. */
const bones = (text: string) =>
  text
    .replaceAll(/'(?:[^'\n]|'\\'')*'/g, 'Q')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(' ')
        .slice(0, 2)
        .join(' ')
        .replace(/\(.*| \S*\..*/, ''),
    );

describe('no value of a way to authenticate', () => {
  it.each(Object.keys(places))('makes another line or directive: %s', (place) => {
    const put = places[place]!;
    const calm = configurationOf(put(benign[place] ?? 'x'))!;
    const expected = bones(calm.files.get(calm.main)!);
    fc.assert(
      fc.property(hostile, (value) => {
        const rendered = configurationOf(put(value));
        if (rendered === null) return;
        const main = rendered.files.get(rendered.main)!;
        expect(main).not.toMatch(/[^\n\x20-\x7e]/);
        if (place !== 'token header' && place !== 'cookie') expect(bones(main)).toEqual(expected);
        for (const [path, text] of rendered.files) {
          if (path.endsWith('.map')) expect(text).toMatch(/^([!-~]+ [ -~]+\n)*$/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('nor of a consumer', () => {
    const api = anApi('pets', {
      policy: policyOf({ auth: { kind: 'anyOf', methods: [jwtAuth(), { kind: 'basic', realm: 'x' }] } }),
    });
    fc.assert(
      fc.property(hostile, hostile, (value, other) => {
        const consumer = aConsumer('acme', 'key', {
          jwt: [{ issuer: value, claim: other, value }],
          mtls: [{ by: 'subject', value }],
          basic: { [value]: '$6$saltsalt$hash' },
        });
        const units = stored([aGateway, api, aShard([consumer])]);
        if (haproxy.check(units, 'edge').some(({ field }) => field !== 'mtls')) return;
        const rendered = haproxy.render(stored([aGateway, api, aShard([{ ...consumer, mtls: [] }])]), aContext());
        const lines = rendered.files
          .get(rendered.main)!
          .split('\n')
          .filter((line) => line.startsWith('    user '));
        expect(lines).toHaveLength(1);
        expect(lines[0]).toMatch(/^    user '([^']|'\\'')*' password '[^']*'$/);
      }),
      { numRuns: 300 },
    );
  });
});
