import { describe, expect, it } from '@jest/globals';
import type { Unit } from '@gitway/contracts';
import { FragmentCache } from '../driver.ts';
import { driverNamed } from '../registry.ts';
import {
  aConsumer,
  aContext,
  aGateway,
  anApi,
  aPlan,
  aPool,
  aShard,
  keyAuth,
  keyHash,
  stored,
} from '../testing/units.ts';

const haproxy = driverNamed('haproxy');
const render = (units: readonly Unit[], change = {}) => haproxy.render(stored([aGateway, ...units]), aContext(change));
const mainOf = (rendered: ReturnType<typeof render>) => rendered.files.get(rendered.main) ?? '';
const mapOf = (rendered: ReturnType<typeof render>, name: string) =>
  Object.fromEntries([...rendered.expected.maps].find(([path]) => path.startsWith(`maps/${name}.`))?.[1]() ?? []);
const backend = (rendered: ReturnType<typeof render>, name: string) =>
  mainOf(rendered)
    .split('\n\n')
    .find((section) => section.startsWith(`backend ${name} `)) ?? '';
const shapeOf = (rendered: ReturnType<typeof render>, name: string) => {
  const [, shape] = /^backend \S+ from (\S+)/.exec(backend(rendered, name)) ?? [];
  return (
    mainOf(rendered)
      .split('\n\n')
      .find((section) => section.startsWith(`defaults ${shape} `)) ?? ''
  );
};

describe('the HAProxy driver renders', () => {
  it('the same bytes for the same units in any order', () => {
    const units = [anApi('b'), anApi('a'), aShard([aConsumer('acme', 'k')])];
    expect([...render(units).files]).toEqual([...render(units.toReversed()).files]);
  });

  it('one route key for each host, ending on a segment border', () => {
    const route = { hosts: ['x.example.com', 'y.example.com'], basePath: '/pets', keepBasePath: false };
    const rendered = render([
      anApi('pets', { route }),
      anApi('all', { route: { hosts: [], basePath: '/', keepBasePath: false } }),
    ]);
    expect(mapOf(rendered, 'routes')).toEqual({
      '*/': expect.stringMatching(/^all\|all\.stable\|0\|-\|-\|[0-9a-f]{12}\|1$/),
      'x.example.com/pets/': expect.stringMatching(/^pets\|pets\.stable\|0\|-\|-\|[0-9a-f]{12}\|200005$/),
      'y.example.com/pets/': expect.stringMatching(/^pets\|pets\.stable\|0\|-\|-\|[0-9a-f]{12}\|200005$/),
    });
    expect(shapeOf(rendered, 'pets.stable')).toContain('set-path /%[path,field(3,/,0)]');
    expect(shapeOf(rendered, 'all.stable')).not.toContain('set-path');
  });

  it('a slot for each share of the calls, and none for a pool of weight 0', () => {
    const pools = [aPool('stable', 80, [1]), aPool('canary', 20, [2]), aPool('idle', 0, [3])];
    const rendered = render([anApi('pets', { pools })]);
    const [, split] = (mapOf(rendered, 'routes')['*/pets/'] ?? '').split('|');
    expect(mapOf(rendered, 'slots')).toEqual({
      [`${split}/0`]: 'pets.stable',
      [`${split}/1`]: 'pets.stable',
      [`${split}/2`]: 'pets.stable',
      [`${split}/3`]: 'pets.stable',
      [`${split}/4`]: 'pets.canary',
    });
    expect(backend(rendered, 'pets.idle')).toContain('server t0 127.0.0.1:3 init-addr libc,none weight 1');
    expect(rendered.expected.servers.map(({ label }) => label)).toEqual([
      'pets/stable/0',
      'pets/canary/0',
      'pets/idle/0',
    ]);
  });

  it('key rules once for all APIs that agree, and none where nobody asks for a key', () => {
    const policy = { auth: keyAuth, rateLimits: [], timeouts: { connectMs: 1, requestMs: 1 } };
    const main = mainOf(render([anApi('a', { policy }), anApi('b', { policy })]));
    expect(main.match(/del-header x-api-key/g)).toHaveLength(1);
    expect(mainOf(render([anApi('a')]))).not.toContain('txn.key');
  });

  it('who may call and what a plan allows', () => {
    const policy = {
      auth: keyAuth,
      rateLimits: [{ requests: 10, windowMs: 60_000, by: 'consumer' as const }],
      timeouts: { connectMs: 1, requestMs: 1 },
    };
    const plans = [
      aPlan('free', { requests: 5, windowMs: 60_000, by: 'consumer' }),
      aPlan('pro', { requests: 50, windowMs: 1000, by: 'consumer' }),
    ];
    const shard = aShard([
      aConsumer('acme', 'secret', { plans: ['free', 'pro'] }),
      aConsumer('bad', 'k2', { suspended: true }),
    ]);
    const rendered = render([anApi('pets', { policy, plans: ['free', 'pro'] }), ...plans, shard]);
    expect(mapOf(rendered, 'keys')).toEqual({
      [keyHash('secret')]: 'acme|active|,free,pro,|99999999999',
      [keyHash('k2')]: 'bad|suspended|,|99999999999',
    });
    const text = shapeOf(rendered, 'pets.stable');
    expect(text).toContain('deny deny_status 403 if !{ var(txn.plans) -m sub ,free, ,pro, }');
    // The most generous plan first; who has none of them meets the API's own limit.
    expect([...text.matchAll(/txn.plan\) str\((\S+)\) if/g)].map(([, plan]) => plan)).toEqual(['pro', 'free']);
    expect(mainOf(rendered)).toContain('table counts_minute_8 ');
    expect(mainOf(rendered)).not.toContain('secret');
  });

  it('only what changed, when one API of many did', () => {
    const cache = new FragmentCache();
    const apis = Array.from({ length: 500 }, (_, index) => anApi(`api-${index}`));
    render(apis, { cache });
    expect(cache.misses).toBe(500);
    apis[7] = anApi('api-7', { pools: [aPool('stable', 100, [10])] });
    render(apis, { cache });
    expect(cache.misses).toBe(501);
  });

  it('again what depends on a plan whose limit changed', () => {
    const cache = new FragmentCache();
    const policy = { auth: keyAuth, rateLimits: [], timeouts: { connectMs: 1, requestMs: 1 } };
    const api = anApi('pets', { policy, plans: ['free'] });
    render([api, anApi('other'), aPlan('free')], { cache });
    const changed = render([api, anApi('other'), aPlan('free', { requests: 7, windowMs: 1000, by: 'consumer' })], {
      cache,
    });
    expect(cache.misses).toBe(3);
    expect(shapeOf(changed, 'pets.stable')).toContain(' ge 7 }');
  });

  it('which unit a line was made from', () => {
    const rendered = render([anApi('a'), anApi('b')]);
    const lines = mainOf(rendered).split('\n');
    expect(rendered.unitAtLine(lines.findIndex((line) => line.startsWith('backend b.stable ')) + 2)).toBe('api b');
    expect(rendered.unitAtLine(1)).toBeNull();
  });

  it('an empty gateway before the first snapshot', () => {
    const main = mainOf(haproxy.render([], aContext({ snapshot: null })));
    expect(main).toContain('bind 127.0.0.1:8080 name http');
    expect(mapOf(haproxy.render([], aContext({ snapshot: null })), 'marker')).toEqual({ snapshot: 'none' });
  });
});
