import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ApiUnit, Unit } from '@gitway/contracts';
import { driverNamed } from '../registry.ts';
import { aConsumer, aContext, aGateway, anApi, aPool, aShard, keyAuth, stored } from '../testing/units.ts';

const haproxy = driverNamed('haproxy');
const problems = (units: readonly Unit[]) => haproxy.check(stored([aGateway, ...units]), 'edge');
const fields = (units: readonly Unit[]) => problems(units).map(({ unit, field }) => `${unit} ${field}`);

describe('the HAProxy driver refuses', () => {
  it('two APIs on one route and one key for two consumers', () => {
    const route = { hosts: [], basePath: '/a', keepBasePath: false };
    expect(fields([anApi('a'), anApi('b', { route })])).toEqual(['api b route']);
    expect(fields([aShard([aConsumer('x', 'k'), aConsumer('y', 'k')])])).toEqual(['consumer y keyHashes']);
  });

  it('what HAProxy cannot hold, naming the field', () => {
    const policy = {
      auth: keyAuth,
      rateLimits: [{ requests: 3e9, windowMs: 90 * 86_400_000, by: 'ip' as const }],
      timeouts: { connectMs: 1, requestMs: 3e9 },
    };
    expect(fields([anApi('a', { policy })])).toEqual([
      'api a policy.rateLimits[0].requests',
      'api a policy.rateLimits[0].windowMs',
      'api a policy.timeouts.requestMs',
    ]);
  });

  it('plans on an API that asks nobody who they are', () => {
    expect(fields([anApi('a', { plans: ['free'] })])).toEqual(['api a plans[0]', 'api a plans']);
  });

  it('a snapshot without this gateway, and a gateway of another driver', () => {
    expect(haproxy.check([], 'edge')).toHaveLength(1);
    expect(haproxy.check(stored([{ ...aGateway, driver: 'traefik' }]), 'edge')[0]?.field).toBe('driver');
  });

  it.each([
    '/a b',
    '/a\n',
    "/a'",
    '/a#',
    '/%zz',
    'a',
    '/a/',
    '/a/../b',
    '/a//b',
    '/a"',
    '/a\\',
    '/é',
    '/a%20b',
    '/a;b',
  ])('base path %j', (basePath) => {
    expect(fields([anApi('a', { route: { hosts: [], basePath, keepBasePath: false } })])).toContain(
      'api a route.basePath',
    );
  });

  it.each([
    'Host',
    'Connection',
    'Upgrade',
    'X-Gitway-Key',
    'x_gitway_key',
    'X-Forwarded-For',
    'X-Real-IP',
    'Forwarded',
  ])('a key header that the gateway drops or reads itself: %s', (header) => {
    const policy = { auth: { ...keyAuth, header }, rateLimits: [], timeouts: { connectMs: 1, requestMs: 1 } };
    expect(fields([anApi('a', { policy })])).toEqual(['api a policy.auth.header']);
  });
});

/** Values that mean something to HAProxy somewhere, and anything else. */
const hostile = fc.oneof(
  fc.constantFrom(
    'a\n    bind :1',
    "a' mode 0777 '",
    'a"b',
    'a b',
    'a#b',
    '$HOME',
    '${HOME}',
    '%[env(HOME)]',
    'a}',
    '{ always_true }',
    'a)',
    'a,lua.x',
    'a|b',
    '/a|b',
    '/ok/%41',
    '/a b',
    '/x$HOME',
    '/%[src]',
    '\\',
    '\0',
    '\u2028',
    '-x',
    '../../x',
    'x-ok',
    '127.0.0.1',
    'unix@/x',
    'a.example.com',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }).map((text) => `/${text}`),
);

/** Directives of a configuration, without their arguments. */
const structure = (text: string) =>
  text.split('\n').map((line) =>
    line
      .trim()
      .split(' ')
      .slice(0, 2)
      .join(' ')
      .replace(/ \S*\.\S*$|(?<=^cookie) \S+$/, ''),
  );

describe('no value of a user', () => {
  it('makes another line, word or directive: it is refused, or stands where it should', () => {
    const base = () =>
      anApi('pets', {
        policy: {
          auth: { ...keyAuth },
          rateLimits: [],
          timeouts: { connectMs: 1, requestMs: 1 },
          retries: { attempts: 1, on: ['503'], methods: ['GET'] },
          loadBalancing: { algorithm: 'hash', hash: { by: 'header', name: 'x' }, sticky: { cookie: 'lb' } },
          canary: { pool: 'next', match: [{ in: 'header', name: 'x', value: 'x' }], sticky: 'ip' },
        },
        pools: [
          {
            ...aPool('stable', 100, [9]),
            healthCheck: { path: '/h', intervalMs: 1, unhealthyAfter: 1, healthyAfter: 1 },
            tls: { verify: true, serverName: 'x.test' },
            targets: [{ scheme: 'https', host: '127.0.0.1', port: 9, weight: 1 }],
          },
          aPool('next', 0, [9]),
        ],
        route: { hosts: ['h.example.com'], basePath: '/pets', keepBasePath: false },
      });
    const places: ((api: ApiUnit, value: string) => void)[] = [
      (api, value) => (api.name = value),
      (api, value) => (api.route.hosts = [value]),
      (api, value) => (api.route.basePath = value),
      (api, value) => (api.pools[0]!.name = value),
      (api, value) => (api.pools[0]!.targets[0]!.host = value),
      (api, value) => (api.pools[0]!.healthCheck!.path = value),
      (api, value) => (api.policy.auth = { ...keyAuth, header: value }),
      (api, value) => (api.policy.auth = { ...keyAuth, query: value }),
      (api, value) => (api.pools[0]!.tls!.serverName = value),
      (api, value) => (api.policy.retries!.methods = [value]),
      (api, value) => (api.policy.loadBalancing!.hash!.name = value),
      (api, value) => (api.policy.loadBalancing!.sticky!.cookie = value),
      (api, value) => (api.policy.canary!.match[0]!.name = value),
      (api, value) => (api.policy.canary!.match[0]!.value = `${value}.`),
      (api, value) => (api.policy.canary!.pool = value),
      (api, value) => (api.openapi.title = value),
      (api, value) => (api.labels = { [value]: value }),
    ];
    const benign = haproxy.render(stored([aGateway, base()]), aContext());
    const expected = structure(benign.files.get(benign.main)!);
    let rendered = 0;
    fc.assert(
      fc.property(fc.constantFrom(...places), hostile, (place, value) => {
        const api = base();
        place(api, value);
        if (problems([api]).length > 0) {
          expect(() => haproxy.render(stored([aGateway, api]), aContext())).toThrow();
          return;
        }
        const result = haproxy.render(stored([aGateway, api]), aContext());
        rendered += 1;
        const main = result.files.get(result.main)!;
        // Only a root base path changes what is there: nothing is stripped.
        const wanted = api.route.basePath === '/' ? expected.filter((line) => !/set-path\b/.test(line)) : expected;
        // Empty backends stand in the order of the digests of their kinds.
        expect(structure(main).toSorted()).toEqual(wanted.toSorted());
        expect(main).not.toMatch(/[^\n\x20-\x7e]|bind :1|env\(|lua\./);
        // Within single quotes HAProxy reads nothing but the next quote.
        expect(main.replaceAll(/'[^'\n]*'/g, '')).not.toMatch(/\$\{?HOME/);
        for (const [path, text] of result.files) {
          if (path === result.main) continue;
          for (const line of text.split('\n').slice(0, -1)) expect(line).toMatch(/^[!-~]+ [ -~]+$/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(rendered).toBeGreaterThan(50);
  });
});
