import { describe, expect, it } from '@jest/globals';
import type { Capability } from './driver.ts';
import { aConsumer, aGateway, anApi, aShard, policyOf, stored } from './testing/units.ts';
import { unsupportedFields } from './unsupported.ts';

const no = (field: string): Capability => ({ field, support: 'no', how: 'not here' });
const retries = { attempts: 1, on: ['timeout' as const], methods: ['GET'] };

describe('unsupportedFields', () => {
  it('names what is asked for and cannot be had', () => {
    const api = anApi('pets', { policy: policyOf({ retries }) });
    expect(unsupportedFields(stored([api]), 'edge', [no('api policy.retries'), no('api policy.cors')])).toEqual([
      { unit: 'api pets', field: 'policy.retries', message: 'policy.retries: not here' },
    ]);
  });

  it('looks into lists and says where', () => {
    const [pool] = anApi('pets').pools;
    const api = anApi('pets', { pools: [pool!, { ...pool!, name: 'next', slowStartMs: 5 }] });
    expect(unsupportedFields(stored([api]), 'edge', [no('api pools.slowStartMs')])).toMatchObject([
      { field: 'pools[1].slowStartMs' },
    ]);
  });

  it('can be about one value of a field', () => {
    const by = (value: 'ip' | 'header') => ({ requests: 1, windowMs: 1000, by: value });
    const api = anApi('pets', { policy: policyOf({ rateLimits: [by('ip'), by('header')] }) });
    expect(unsupportedFields(stored([api]), 'edge', [no('api policy.rateLimits.by=header')])).toMatchObject([
      { field: 'policy.rateLimits[1].by' },
    ]);
  });

  it('looks at what an operation asks for', () => {
    const api = anApi('pets', {
      policy: policyOf({ operations: { addPet: { retries, auth: { kind: 'basic', realm: 'r' } } } }),
    });
    expect(
      unsupportedFields(stored([api]), 'edge', [no('api policy.retries'), no('api policy.auth.kind=basic')]),
    ).toMatchObject([{ field: 'policy.operations.addPet.retries' }, { field: 'policy.operations.addPet.auth.kind' }]);
  });

  it('takes what says nothing for nothing', () => {
    const rows = [no('api plans'), no('api policy.headers'), no('api labels'), no('api route.keepBasePath')];
    const api = anApi('pets', { policy: policyOf({ headers: {} }), plans: [], labels: {} });
    expect(unsupportedFields(stored([api]), 'edge', rows)).toEqual([]);
  });

  it('looks at consumers, and at its own gateway alone', () => {
    const acme = aShard([aConsumer('acme', 'k', { jwt: [{ issuer: 'i', claim: 'sub', value: 'a' }] })]);
    const units = stored([
      acme,
      { ...aGateway, trustedProxies: ['10.0.0.0/8'] },
      { ...aGateway, name: 'other', address: 'http://o' },
    ]);
    const rows = [no('consumer jwt'), no('gateway trustedProxies'), no('gateway address')];
    expect(unsupportedFields(units, 'edge', rows)).toMatchObject([
      { unit: 'consumer acme', field: 'jwt' },
      { unit: 'gateway edge', field: 'trustedProxies[0]' },
    ]);
  });
});
