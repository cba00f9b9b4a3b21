import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiSummary, ApiView, CatalogueEnvironment, CatalogueView } from '@gitway/contracts';
import { FakeConsole, token } from './testing/fake-console.ts';
import { runCli } from './testing/run-cli.ts';
import { commit, older, snapshot } from './testing/samples.ts';

const fake = new FakeConsole();
beforeAll(() => fake.start());
afterAll(() => fake.stop());

const at = '2026-11-23T11:57:00.000Z';
const opens = 'consumers of plan free';
const deletePet = { id: 'deletePet', method: 'DELETE', path: '/{petId}', opens };
const getPet = { id: 'getPet', method: 'GET', path: '/{petId}', opens };

const summary: ApiSummary = {
  environment: 'production',
  state: 'newer-waits',
  shows: 'live',
  name: 'petstore',
  title: 'Pets\u001B[2J',
  version: '1.2.0',
  lifecycle: 'active',
  visibility: 'public',
  owner: 'pets@example.com',
  labels: { team: 'pets' },
  exposure: { hosts: ['api.example.com'], basePath: '/pets', keepBasePath: false },
  policy: {
    auth: 'API key in header x-api-key',
    rateLimit: '60 calls a minute for each consumer',
    also: [],
    timeouts: 'connect within 5s, answer within 30s',
  },
  plans: ['free'],
  unit: snapshot,
  operations: 2,
  since: { commit: older, at },
  matches: [],
};
const revision = { source: 'demo', ref: 'refs/heads/main', at };
const environment: CatalogueEnvironment = {
  name: 'production',
  live: { ...revision, commit: older, snapshot },
  validated: { ...revision, commit, snapshot },
  apis: 1,
  operations: 2,
  newer: { added: 1, changed: 2, removed: 0 },
  lastRevision: null,
};
const list: CatalogueView = { items: [summary], total: 1, next: null, environments: [environment] };

const { matches: _matches, environment: _environment, state: _state, shows: _shows, ...entry } = summary;
const change = {
  api: 'petstore',
  change: 'changed' as const,
  fields: [{ field: 'policy.rateLimit', from: '60 calls a minute for each consumer', to: null }],
  operations: [{ change: 'added' as const, operation: { id: 'feed', method: 'POST', path: '/feed' }, before: null }],
  operationCounts: { added: 1, changed: 0, removed: 30 },
};
const api: ApiView['api'] = {
  ...entry,
  pools: [{ name: 'stable', weight: 100, targets: 2, healthChecked: true }],
  operations: [deletePet, getPet],
  documentation: snapshot,
  operationCount: 4,
};
const view: ApiView = {
  environment: 'production',
  state: 'newer-waits',
  shows: 'live',
  api,
  plans: [{ name: 'free', rateLimit: '5 calls a second for each consumer' }],
  next: { api: { ...api, since: { commit, at } }, changes: change },
  history: [{ ...revision, commit, author: { name: 'Ada', email: 'a@example.com' }, message: 'Feed\n\nthem', change }],
};

beforeEach(() => {
  fake.reset();
  fake.answers = { '/api/apis': list, '/api/apis/petstore': { items: [view] } };
});
const cli = (...args: string[]) => runCli(args, { env: { GITWAY_URL: fake.url, GITWAY_TOKEN: token } });

describe('gitway apis', () => {
  it('lists what is live, and says what waits', async () => {
    const { exitCode, out } = await cli('apis');
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /petstore +production +newer-waits +1\.2\.0 +active +public +2 +free +3m ago +api\.example\.com\/pets\n/,
    );
    expect(out).toContain(
      'production: 1 API, 2 operations live at aa001111, 3m ago; validated and not live: 1 added, 2 changed (3f2a91c0, 3m ago)\n',
    );
    expect(JSON.parse((await cli('apis', '--json')).out)).toEqual(list);
  });

  it('asks for what was asked, and shows the operations that were hit', async () => {
    const matches = [
      { ...deletePet, live: true },
      { ...getPet, live: false },
    ];
    fake.answers['/api/apis'] = { ...list, items: [{ ...summary, matches }], total: 9, next: 1 };
    const { out } = await cli('apis', 'delete', '/pets', '-e', 'production', '--label', 'team=pets', '-n', '1');
    expect(Object.fromEntries(fake.asked[0]!.query)).toEqual({
      search: 'delete /pets',
      environment: 'production',
      label: 'team=pets',
      limit: '1',
      offset: '0',
    });
    expect(out).toMatch(/petstore +production +live +DELETE +\/\{petId\} +deletePet\n/);
    expect(out).toMatch(/petstore +production +not live +GET +\/\{petId\} +getPet\n/);
    expect(out).toContain('1 of 9; more with --offset 1');
  });

  it('says what is empty, and why', async () => {
    const said = async (answer: Partial<CatalogueView>, ...args: string[]) => {
      fake.answers['/api/apis'] = { ...list, items: [], total: 0, ...answer };
      return (await cli('apis', ...args)).out;
    };
    expect(await said({ environments: [] })).toContain('The catalogue is empty: no commit was found good yet.');
    expect(await said({ environments: [] }, '-e', 'prod')).toContain('an environment called prod');
    expect(await said({}, 'zebra', '-e', 'production')).toContain('No API matches "zebra" in production.');
    expect(await said({ environments: [{ ...environment, live: null, apis: 0 }] })).toContain('nothing is live yet');
    expect(await said({ total: 3 }, '--offset', '7')).toContain('No more than 3 APIs.');
  });

  it('refuses what it does not know, with help', async () => {
    expect((await cli('apis', '--lifecycle', 'dead')).exitCode).toBe(2);
    expect((await cli('apis', '--limit', '201')).exitCode).toBe(2);
    for (const command of ['apis', 'api']) expect((await cli(command, '--help')).out).toContain('Examples:\n  $ ');
  });
});

describe('gitway api', () => {
  it('shows all about one, and what waits', async () => {
    const { exitCode, out } = await cli('api', 'petstore', '-e', 'production');
    expect(exitCode).toBe(0);
    expect(fake.asked[0]!.query.get('environment')).toBe('production');
    expect(out).not.toContain('\u001B');
    for (const words of [
      'petstore in production: newer-waits, Pets',
      'plan free (5 calls a second for each consumer)',
      'weight 100, 2 targets, health-checked',
      'live since    aa001111, 3m ago',
      'and 2 more operations',
      'Validated and not live: 3f2a91c0, 3m ago',
      '~ policy.rateLimit: 60 calls a minute for each consumer → none',
      '+ POST /feed (feed)',
      'and 30 more',
      '3f2a91c0 3m ago by Ada: Feed (policy.rateLimit, 1 operation added, 30 operations removed)',
    ])
      expect(out).toContain(words);
    expect(out).toMatch(/DELETE +\/\{petId\} +deletePet +consumers of plan free\n/);
    expect(JSON.parse((await cli('api', 'petstore', '--json')).out)).toEqual({ items: [view] });
  });

  it('says that there is none', async () => {
    const { exitCode, err } = await cli('api', 'zebra');
    expect(exitCode).toBe(1);
    expect(err).toContain('zebra');
  });
});
