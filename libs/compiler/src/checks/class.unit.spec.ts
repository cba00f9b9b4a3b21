import { describe, expect, it } from '@jest/globals';
import { foundBy, messagesOf } from '../testing/compile.ts';
import { api, environment, policy } from '../testing/workspace.ts';
import { privacyOf } from './private-upstream.ts';

const ruleSet = (spec: string) => `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n${spec}`;
const limit = '  rateLimit: { requests: 1, per: minute }\n';

describe('what a class of APIs must have', () => {
  const require = (entry: string) => ({ 'rules.yaml': ruleSet(`  require: [${entry}]\n`) });
  const found = (entry: string, extra: string, more: Record<string, string> = {}) =>
    foundBy('missing-policy', { ...require(entry), 'apis/pets.yaml': api('pets', extra), ...more });

  it('is judged by the effective policy: a selector, a reference and the API itself all count', async () => {
    const entry = '{ visibility: [public], fields: [rateLimit] }';
    expect(await found(entry, '  visibility: public\n')).toMatchObject([
      {
        severity: 'error',
        message: 'API `pets` lacks `rateLimit`, which RuleSet `house` demands of public APIs.',
        where: { object: 'Api/pets' },
        related: [{ where: { file: 'rules.yaml', object: 'RuleSet/house', field: 'spec.require.0' } }],
      },
    ]);
    const selected = { 'p.yaml': policy('base', `  selector: { labels: {} }\n${limit}`) };
    expect(await found(entry, '  visibility: public\n', selected)).toEqual([]);
    expect(await found(entry, '  visibility: public\n  policy: { rateLimit: null }\n', selected)).toHaveLength(1);
    expect(await found(entry, '  visibility: internal\n')).toEqual([]);
  });

  it('is not missed while a policy cannot be read, which may say it', async () => {
    const broken = { 'p.yaml': policy('base', '  default: true\n  rateLimit: { requests: x, per: minute }\n') };
    expect(await found('{ visibility: [public], fields: [rateLimit] }', '  visibility: public\n', broken)).toEqual([]);
  });

  it('may be a policy by its name, for labels, lifecycle and environments, with a severity', async () => {
    const base = { 'p.yaml': policy('base', limit) };
    const entry = '{ labels: { tier: public }, lifecycle: [active], policies: [base], severity: warning }';
    const missing = await found(entry, '', base);
    expect(missing).toMatchObject([{ severity: 'warning', hint: 'Add `base` to `spec.policies`.' }]);
    expect(messagesOf(missing)[0]).toContain('active APIs with tier: public');
    expect(await found(entry, '  policies: [base]\n', base)).toEqual([]);
    expect(await found(entry, '  lifecycle: deprecated\n', base)).toEqual([]);
    const elsewhere = { ...base, 'environments/prod.yaml': environment('prod') };
    expect(await found('{ policies: [base], environments: [prod] }', '', elsewhere)).toHaveLength(1);
  });

  it('is not met by an `auth` that lets everybody in', async () => {
    const entry = '{ fields: [auth] }';
    expect(await found(entry, '  policy: { auth: { anyOf: [none] } }\n')).toHaveLength(1);
    expect(await found(entry, '  policy: { auth: { anyOf: [apiKey] } }\n')).toEqual([]);
  });

  it('refuses a policy and an environment that do not exist', async () => {
    const files = require('{ policies: [bass], environments: [stagin] }');
    expect(messagesOf(await foundBy('unknown-reference', files)).sort()).toEqual([
      'There is no Environment `stagin`.',
      'There is no Policy `bass`.',
    ]);
  });
});

describe('upstreams', () => {
  const found = (rule: string, entry: string, host: string) =>
    foundBy(rule, {
      ...(entry === '' ? {} : { 'rules.yaml': ruleSet(`  upstreams: [${entry}]\n`) }),
      'apis/pets.yaml': api('pets').replace('pets.internal:8080', host),
    });

  it('are refused, warned of or allowed as the environment’s entry says', async () => {
    expect(await found('private-upstream', '{ private: refuse }', '10.0.0.1:80')).toMatchObject([
      {
        severity: 'error',
        message:
          'The upstream `10.0.0.1` is a private address, which RuleSet `house` refuses in environment `staging`.',
        where: { field: 'spec.upstream.pools.0.targets.0.url' },
      },
    ]);
    expect(await found('private-upstream', '{ private: warn }', '127.0.0.1')).toMatchObject([{ severity: 'warning' }]);
    expect(await found('private-upstream', '{ private: refuse }, { private: allow }', '10.0.0.1')).toEqual([]);
    expect(await found('private-upstream', '{ private: refuse, hosts: [10.0.0.1, "*.lan"] }', '10.0.0.1')).toEqual([]);
    expect(await found('private-upstream', '{ private: refuse, hosts: ["*.lan"] }', 'a.b.lan')).toEqual([]);
    expect(await found('private-upstream', '', '10.0.0.1')).toEqual([]);
  });

  it.each(['169.254.169.254', '[::ffff:169.254.169.254]', '[fd00:ec2::254]', 'Metadata.Google.Internal.'])(
    'that are the metadata service %s are always told',
    async (host) => {
      expect(await found('metadata-upstream', '', host)).toMatchObject([{ severity: 'warning' }]);
    },
  );

  it.each([
    ['127.0.0.1', true],
    ['localhost', true],
    ['::1', true],
    ['fe80::1', true],
    ['fd12::1', true],
    ['100.64.0.1', true],
    ['pets', true],
    ['pets.default.svc', true],
    ['db.internal.', true],
    ['8.8.8.8', false],
    ['2606:4700::1111', false],
    ['api.example.com', false],
  ])('%s is private: %s', (host, isPrivate) => {
    expect(privacyOf(host) !== undefined).toBe(isPrivate);
  });
});
