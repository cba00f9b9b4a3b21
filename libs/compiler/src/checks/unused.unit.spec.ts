import { describe, expect, it } from '@jest/globals';
import { foundBy, messagesOf } from '../testing/compile.ts';
import { api, consumer, environment, gateway, plan, policy } from '../testing/workspace.ts';

const limit = '  rateLimit: { requests: 1, per: minute }\n';
const patching = (patches: string) => ({
  'environments/staging.yaml': environment('staging', `  patches:\n${patches}`),
});

describe('what nothing uses', () => {
  it('is a policy that no API names and no selector attaches', async () => {
    const policies = [policy('idle', limit), policy('chosen', `  selector: { labels: { tier: public } }\n${limit}`)];
    const found = await foundBy('unused-policy', {
      'policies.yaml': [...policies, policy('nobody', `  selector: { labels: { tier: gold } }\n${limit}`)].join(
        '---\n',
      ),
    });
    expect(messagesOf(found)).toEqual([
      'Policy `idle` is attached to no API.',
      'Policy `nobody` is attached to no API.',
    ]);
    expect(found[0]).toMatchObject({
      severity: 'warning',
      where: { file: 'policies.yaml', range: { line: 4, column: 9 } },
    });
  });

  it('is not a default, which every API has', async () => {
    const files = { 'p.yaml': policy('everywhere', `  default: true\n${limit}`) };
    expect(await foundBy('unused-policy', files)).toEqual([]);
  });

  it('is not what a patch of some environment attaches', async () => {
    const patch = '    - target: { kind: Api, name: pets }\n      merge: { spec: { policies: [idle] } }\n';
    expect(await foundBy('unused-policy', { 'p.yaml': policy('idle', limit), ...patching(patch) })).toEqual([]);
    const select = '    - target: { kind: Policy, name: idle }\n      merge: { spec: { selector: { labels: {} } } }\n';
    expect(await foundBy('unused-policy', { 'p.yaml': policy('idle', limit), ...patching(select) })).toEqual([]);
  });

  it('is not told while a resource is broken that may use it', async () => {
    const broken = api('pets', '  policies: [idle]\n').replace('upstream:', 'upstreams:');
    expect(await foundBy('unused-policy', { 'p.yaml': policy('idle', limit), 'apis/pets.yaml': broken })).toEqual([]);
  });

  it('is a plan that opens no API, and its subscribers are counted', async () => {
    const found = await foundBy('unused-plan', {
      'plans.yaml': [plan('free'), plan('pro'), plan('all', `${limit}  apis: { selector: { labels: {} } }\n`)].join(
        '---\n',
      ),
      'consumers.yaml': consumer('acme', 'a'.repeat(64), '  plans: [pro]\n'),
    });
    expect(messagesOf(found)).toEqual([
      'Plan `free` opens no API.',
      'Plan `pro` opens no API to the 1 consumer that subscribed.',
    ]);
  });

  it('is a gateway that no environment names', async () => {
    const found = await foundBy('unused-gateway', { 'spare.yaml': gateway.replace('name: edge', 'name: spare') });
    expect(messagesOf(found)).toEqual(['Gateway `spare` serves no environment.']);
  });
});

describe('a consumer that can call nothing', () => {
  const files = (plans: string) => ({
    'apis/pets.yaml': api('pets', '  plans: [pro]\n'),
    'plans.yaml': `${plan('pro')}---\n${plan('free')}`,
    'acme.yaml': consumer('acme', 'a'.repeat(64), plans),
  });

  it('is told why, and which plans would help', async () => {
    const [none] = await foundBy('consumer-reaches-nothing', files(''));
    expect(none).toMatchObject({
      severity: 'warning',
      message: 'Consumer `acme` can call no API of environment `staging`: every API demands a plan and it has none.',
      hint: 'Subscribe it to one of the plans that open something: `pro`.',
      where: { object: 'Consumer/acme' },
    });
    const [other] = await foundBy('consumer-reaches-nothing', files('  plans: [free]\n'));
    expect(other!.message).toContain('none of its plans opens one');
  });

  it('is not one with the right plan, a suspended one, or one with an API that any consumer may call', async () => {
    const rule = 'consumer-reaches-nothing';
    expect(await foundBy(rule, files('  plans: [pro]\n'))).toEqual([]);
    expect(await foundBy(rule, files('  suspended: true\n'))).toEqual([]);
    expect(await foundBy(rule, { ...files(''), 'apis/pets.yaml': api('pets') })).toEqual([]);
  });
});
