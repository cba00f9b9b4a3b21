import { describe, expect, it } from '@jest/globals';
import type { ApiUnit, EffectivePolicy, Pool } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import fc from 'fast-check';
import { certificateOf } from '../../conformance/testing/certificates.ts';
import { nothingProvided } from '../../driver.ts';
import { driverNamed } from '../../registry.ts';
import { aContext, aGateway, anApi, aPool, policyOf, stored } from '../../testing/units.ts';
import { poolSlots } from './slots.ts';

const haproxy = driverNamed('haproxy');
const timeouts = { connectMs: 1000, requestMs: 5000 };
const refused = (policy: Partial<EffectivePolicy>, change: Partial<ApiUnit> = {}) =>
  haproxy
    .check(stored([aGateway, anApi('a', { policy: policyOf(policy), ...change })]), 'edge')
    .map(({ field }) => field);
const pool = (change: Partial<Pool>): Pool => ({ ...aPool('stable', 100, [9]), ...change });
const main = (api: ApiUnit, secrets: readonly (readonly [string, string])[] = []) => {
  const provided = { ...nothingProvided, secrets: new Map(secrets) };
  const rendered = haproxy.render(stored([aGateway, api]), aContext({ provided }));
  return { text: rendered.files.get(rendered.main) ?? '', rendered };
};

describe('upstreams that HAProxy cannot serve as declared are refused', () => {
  const retries = { attempts: 2, on: ['503' as const], methods: ['GET'] };
  const operations = [{ id: 'list', method: 'get', path: '/pets' }];

  it('retries that differ by operation in what holds for all of them', () => {
    const list = { retries: { ...retries, attempts: 1, on: ['502' as const, '429' as const] } };
    expect(refused({ retries, operations: { list } }, { operations })).toEqual([
      'policy.operations.list.retries.attempts',
      'policy.operations.list.retries.on',
      'policy.operations.list.retries.on[1]',
    ]);
    expect(refused({ retries, operations: { list: { retries: { ...retries, methods: ['POST'] } } } })).toEqual([]);
    expect(refused({ retries: { ...retries, on: ['429'] } })).toEqual(['policy.retries.on[0]']);
  });

  it('tries that outlast the call', () => {
    const timed = { ...retries, on: ['timeout' as const], perTryMs: 2000 };
    expect(refused({ timeouts, retries: timed })).toEqual(['policy.retries.perTryMs']);
    expect(refused({ timeouts, retries: { ...timed, perTryMs: 1600 } })).toEqual([]);
    const list = { timeouts: { connectMs: 1000, requestMs: 1000 } };
    expect(refused({ timeouts, retries: { ...timed, perTryMs: 1600 }, operations: { list } })).toEqual([
      'policy.operations.list.timeouts.perTryMs',
    ]);
  });

  it('a time to connect of one operation', () => {
    const list = { timeouts: { connectMs: 10, requestMs: 5000 } };
    expect(refused({ timeouts, operations: { list } })).toEqual(['policy.operations.list.timeouts.connectMs']);
  });

  it('breakers whose time a health check would overrule, and two that count the same calls', () => {
    const healthCheck = { path: '/h', intervalMs: 5000, unhealthyAfter: 3, healthyAfter: 2 };
    const breaker = (openForMs: number) => ({
      circuitBreaker: { failures: 5, on: ['connect-failure' as const, '5xx' as const], openForMs },
    });
    expect(refused(breaker(10_000), { pools: [pool({ healthCheck })] })).toEqual([]);
    expect(refused(breaker(30_000), { pools: [pool({ healthCheck })] })).toEqual(['policy.circuitBreaker.openForMs']);
    const passiveHealthCheck = { failures: 2, ejectForMs: 10_000 };
    expect(refused(breaker(10_000), { pools: [pool({ passiveHealthCheck })] })).toEqual([
      'pools[0].passiveHealthCheck',
    ]);
  });

  it('a cookie for a target beside weights that ignore it', () => {
    const loadBalancing = { algorithm: 'round-robin' as const, sticky: { cookie: 'lb' } };
    const pools = [pool({ weight: 50 }), pool({ name: 'next', weight: 50 })];
    expect(refused({ loadBalancing }, { pools })).toEqual(['policy.loadBalancing.sticky']);
    const canary = { pool: 'next', match: [], sticky: 'ip' as const };
    expect(refused({ loadBalancing, canary }, { pools })).toEqual([]);
  });

  it('names that the DNS does not know as they stand, authorities that are none, and a canary that is not there', () => {
    const targets = [{ scheme: 'https' as const, host: 'pets', port: 443, weight: 1 }];
    const tls = { verify: true, ca: ['-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----'] };
    const canary = { pool: 'nowhere', match: [{ in: 'header' as const, name: 'a b' }], sticky: 'none' as const };
    expect(refused({ canary }, { pools: [pool({ targets, resolveEveryMs: 1000, tls })] })).toEqual([
      'pools[0].targets[0].host',
      'pools[0].tls.ca[0]',
      'policy.canary.pool',
      'policy.canary.match[0].name',
    ]);
  });
});

describe('a client certificate', () => {
  const api = anApi('a', {
    pools: [
      pool({
        targets: [{ scheme: 'https', host: 'pets.test', port: 443, weight: 1 }],
        tls: { verify: true, clientCertificate: { secret: 'ours' } },
      }),
    ],
  });
  const { certificate, key } = certificateOf('alice');

  it('lies in a file of its own of which nothing may be shown, without what stands around its PEM blocks', () => {
    const { rendered, text } = main(api, [['ours', `note: x\n${key}\nmore\n${certificate}\n`]]);
    const [path] = [...rendered.expected.secretFiles].filter((file) => file.includes('client'));
    expect(rendered.files.get(path ?? '')).toBe(`${certificate}\n${key}\n`);
    expect(text).toContain(`crt ${path}`);
  });

  it.each([
    ['is missing', undefined],
    ['has no key', certificate],
    ['has no certificate', key],
    ['has the key of another', `${certificate}\n${certificateOf('bob').key}`],
    [
      'is nonsense',
      '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAA\n-----END PRIVATE KEY-----',
    ],
  ])('that %s is refused by its name, and nothing of it is said', (_what, secret) => {
    const render = () => main(api, secret === undefined ? [] : [['ours', secret]]);
    expect(render).toThrow(InvalidInputError);
    expect(render).toThrow(/^api a: the client certificate of pool stable, secret "ours", [a-z ]+(PEM)?$/);
  });
});

describe('slots', () => {
  const apiOf = (weights: readonly number[], sticky: 'ip' | 'none') =>
    anApi('a', {
      pools: weights.map((weight, index) => pool({ name: `p${index}`, weight })),
      policy: policyOf({ canary: { pool: `p${weights.length - 1}`, match: [], sticky } }),
    });
  const count = (slots: readonly string[], name: string) => slots.filter((slot) => slot === name).length;

  it('that keep a caller keep who is at the canary there when its share grows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 98 }), fc.integer({ min: 1, max: 98 }), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const before = poolSlots(apiOf([100 - less, less], 'ip'));
        const after = poolSlots(apiOf([100 - more, more], 'ip'));
        expect(count(before, 'p1')).toBe(less);
        expect(before.every((name, slot) => name !== 'p1' || after[slot] === 'p1')).toBe(true);
      }),
    );
  });

  it('have the shares of the weights, and a place for every pool that has one', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.constantFrom('ip' as const, 'none' as const), (given, sticky) => {
        fc.pre(given.filter((weight) => weight > 0).length > 1);
        const slots = poolSlots(apiOf(given, sticky));
        const total = given.reduce((sum, weight) => sum + weight, 0);
        given.forEach((weight, index) => {
          const found = count(slots, `p${index}`);
          expect(found > 0).toBe(weight > 0);
          expect(Math.abs(found / slots.length - weight / total)).toBeLessThanOrEqual(sticky === 'ip' ? 0.001 : 1e-9);
        });
      }),
    );
  });
});
