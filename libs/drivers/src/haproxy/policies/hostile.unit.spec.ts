import type { ApiUnit, EffectivePolicy } from '@gitway/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aContext, aGateway, anApi, policyOf, stored } from '../../testing/units.ts';
import { haproxy } from '../driver.ts';

const base = (): ApiUnit =>
  anApi('pets', {
    lifecycle: 'deprecated',
    deprecation: { since: '2024-01-01', sunset: '2099-01-01', link: 'https://docs.example/x' },
    route: { hosts: [], basePath: '/pets', keepBasePath: false, match: [{ in: 'header', name: 'x-m', value: 'x' }] },
    operations: [{ id: 'one', method: 'GET', path: '/one' }],
    policy: policyOf({
      cors: {
        origins: ['https://a.example', 'https://*.b.example'],
        methods: ['GET'],
        headers: ['x-h'],
        exposeHeaders: ['x-e'],
        credentials: false,
        maxAgeMs: 1000,
      },
      headers: {
        request: { set: { 'x-s': 'x' }, add: { 'x-a': 'x' }, remove: ['x-r'] },
        response: { set: { 'x-s': 'x' } },
      },
      ip: { allow: ['10.0.0.0/8'], deny: ['10.0.0.1'] },
      cache: { ttlMs: 1000, methods: ['GET'], statuses: [200], vary: ['x-v'], maxBodyBytes: 1000 },
      maintenance: { status: 503, message: 'x', allow: ['10.0.0.2'] },
      threatProtection: {
        deny: [
          { in: 'header', name: 'x-d', pattern: 'x' },
          { in: 'query', name: 'q', pattern: 'x' },
        ],
      },
      request: { contentTypes: ['a/b'] },
      allow: { methods: ['GET'] },
      rewrite: { prefix: '/p', host: 'h.example', paths: [{ from: '/f/{id}', to: '/t/{id}' }] },
      redirects: [{ from: '/r/{id}', to: 'https://r.example/{id}', status: 302 }],
      compression: { types: ['a/b'], minSizeBytes: 0 },
      errors: { format: 'problem+json', typeBase: 'https://e.example/' },
    }),
  });

const part = <K extends keyof EffectivePolicy>(api: ApiUnit, key: K) =>
  api.policy[key] as NonNullable<EffectivePolicy[K]>;
const places: readonly ((api: ApiUnit, value: string) => void)[] = [
  (api, value) => (api.deprecation = { ...api.deprecation, link: `https://x/${value}` }),
  (api, value) => (api.deprecation = { ...api.deprecation, sunset: value }),
  (api, value) => (api.route.match = [{ in: 'header', name: value, value: 'x' }]),
  (api, value) => (api.route.match = [{ in: 'cookie', name: 'x-m', value }]),
  (api, value) => (part(api, 'cors').origins = ['https://a.example', `https://*.${value}`]),
  (api, value) => (part(api, 'cors').origins = [`https://${value}`, 'https://*.b.example']),
  (api, value) => (part(api, 'cors').methods = [value]),
  (api, value) => (part(api, 'cors').headers = [value]),
  (api, value) => (part(api, 'cors').exposeHeaders = [value]),
  (api, value) => (part(api, 'headers').response = { set: { 'x-s': value } }),
  (api, value) => (part(api, 'headers').response = { set: { [value]: 'x' } }),
  (api, value) => (part(api, 'ip').deny = [value]),
  (api, value) => (part(api, 'cache').vary = [value]),
  (api, value) => (part(api, 'maintenance').message = value),
  (api, value) => (part(api, 'maintenance').allow = [value]),
  (api, value) => (part(api, 'threatProtection').deny![0]!.pattern = value),
  (api, value) => (part(api, 'threatProtection').deny![0]!.name = value),
  (api, value) => (part(api, 'threatProtection').deny![1]!.name = value),
  (api, value) => (part(api, 'request').contentTypes = [value]),
  (api, value) => (part(api, 'allow').methods = [value]),
  (api, value) => (part(api, 'rewrite').prefix = `/p${value}`),
  (api, value) => (part(api, 'rewrite').host = value),
  (api, value) => (part(api, 'rewrite').paths = [{ from: `/${value}/{id}`, to: '/t/{id}' }]),
  (api, value) => (part(api, 'rewrite').paths = [{ from: `/{id}`, to: `/${value}/{id}` }]),
  (api, value) => (part(api, 'redirects')[0]!.to = `https://r.example/${value}`),
  (api, value) => (part(api, 'redirects')[0]!.from = `/${value}`),
  (api, value) => (part(api, 'compression').types = [value]),
  (api, value) => (part(api, 'errors').typeBase = `https://e.example/${value}`),
];

const hostile = fc.oneof(
  fc.constantFrom(
    ...[
      "a'b",
      "' deny",
      'a"b',
      'a b',
      'a#b',
      '$HOME',
      '${HOME}',
      '%[env(HOME)]',
      '%ci',
      '}',
      '{ TRUE }',
      'a)',
      'a,b',
      'a|b',
    ],
    ...[
      '\\',
      "\\'",
      'a\nbind :1',
      'a\r',
      '\0',
      '\u2028',
      'é',
      '-f',
      '-- -m',
      '--',
      '{id}',
      '{x}',
      'x-ok',
      'GET',
      'a/b',
      '10.0.0.3',
      '%41',
      '.',
      '..',
    ],
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
);

const render = (api: ApiUnit) => {
  const rendered = haproxy.render(stored([aGateway, api]), aContext());
  return rendered.files.get(rendered.main)!;
};
/** Per line, how many words there are: what stands in quotes is one, or a part of one. */
const wordsOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replaceAll(/(?:'[^']*'|\\')+/g, 'Q').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/).length)
    .sort((a, b) => a - b);

/** Outside of quotes, what means something to HAProxy wherever it stands. */
const meaningful = (text: string) =>
  text
    .replaceAll(/(?:'[^'\n]*'|\\')+/g, '')
    .match(/[\\#$"]/g)
    ?.join('');

describe('no value of a user in what is answered and refused', () => {
  it('makes another line or word: it is refused, or stands where it should', () => {
    const expected = wordsOf(render(base()));
    const plain = meaningful(render(base()));
    let taken = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), hostile, (place, value) => {
        const api = base();
        place(api, value);
        if (haproxy.check(stored([aGateway, api]), 'edge').length > 0) return;
        taken += 1;
        const main = render(api);
        expect(wordsOf(main)).toEqual(expected);
        expect(meaningful(main)).toEqual(plain);
      }),
      { numRuns: 600 },
    );
    expect(taken).toBeGreaterThan(60);
  });
});
