import { describe, expect, it } from '@jest/globals';
import type { ApiUnit } from '@gitway/contracts';
import { aConsumer, anApi, aPlan, aPool, keyAuth, policyOf } from '../testing/units.ts';
import { vocabularyFields } from './fields.ts';
import { type CaseUnits, without } from './neutral.ts';

const always = () => true;
const of = (api: Partial<ApiUnit>): CaseUnits => ({ units: [anApi('pets', api)], consumers: [] });
const apiOf = (given: CaseUnits | null) => given?.units[0] as ApiUnit | undefined;

describe('a case without a field', () => {
  it('leaves out what may be left out', () => {
    const policy = policyOf({ rewrite: { prefix: '/v1', host: 'h.test' } });
    expect(apiOf(without(of({ policy }), 'api policy.rewrite.prefix', always))?.policy.rewrite).toEqual({
      host: 'h.test',
    });
  });

  it('takes the first value that is taken, where it may not be left out', () => {
    const pools = [aPool('one', 80, [1]), aPool('two', 20, [2])];
    const changed = without(of({ pools }), 'api pools.weight', ({ units }) =>
      (units[0] as ApiUnit).pools.every(({ weight }) => Number.isInteger(weight) && weight > 1 && weight <= 100),
    );
    expect(apiOf(changed)?.pools.map(({ weight }) => weight)).toEqual([100, 100]);
  });

  it('has nobody asked who calls', () => {
    const policy = policyOf({ auth: keyAuth });
    expect(apiOf(without(of({ policy }), 'api policy.auth.kind', always))?.policy.auth).toEqual({ kind: 'none' });
  });

  it('is looked at in every operation', () => {
    const own = { timeouts: { connectMs: 1, requestMs: 1 }, ip: { deny: [] } };
    const policy = policyOf({ operations: { one: own, two: own } });
    const changed = apiOf(without(of({ policy }), 'api policy.operations.timeouts', always));
    expect(changed?.policy.operations).toEqual({ one: { ip: { deny: [] } }, two: { ip: { deny: [] } } });
  });

  it('concerns consumers and plans by their own fields', () => {
    const given: CaseUnits = {
      units: [aPlan('gold', { requests: 5, windowMs: 1000, by: 'ip' })],
      consumers: [aConsumer('acme', 'key', { suspended: true })],
    };
    expect(
      without(given, 'consumer suspended', ({ consumers }) =>
        consumers.every(({ suspended }) => typeof suspended === 'boolean'),
      )?.consumers[0]?.suspended,
    ).toBe(false);
    expect(without(given, 'plan rateLimits', always)?.units[0]).not.toHaveProperty('rateLimits');
  });

  it('is none where the field is not there, or nothing else is taken', () => {
    expect(without(of({}), 'api policy.cors.origins', always)).toBeNull();
    expect(without(of({}), 'api route.keepBasePath', () => false)).toBeNull();
  });
});

describe('the vocabulary', () => {
  it('is read from the schemas, with the values of enumerations', () => {
    const fields = new Map(vocabularyFields().map(({ field, values }) => [field, values]));
    expect(fields.get('api policy.rateLimits.by')).toEqual(['consumer', 'ip', 'api', 'plan', 'header']);
    expect(fields.has('api policy.operations.cors')).toBe(true);
    expect(fields.has('consumer keyHashes')).toBe(true);
    expect(fields.has('gateway trustedProxies')).toBe(true);
    expect([...fields.keys()].filter((field) => /(^| |\.)kind$/.test(field))).toEqual(['api policy.auth.kind']);
  });
});
