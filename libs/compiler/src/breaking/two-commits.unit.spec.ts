import { describe, expect, it } from '@jest/globals';
import { openApi, plan } from '../testing/workspace.ts';
import { called, hoursAgo, judge, list, listOnly, only, operation, publicApi, type Files } from './testing/judged.ts';

const usage = called([{ calls: 5 }]);
const rulesOf = (findings: Awaited<ReturnType<typeof judge>>) => findings.map(({ rule, severity }) => [rule, severity]);

describe('a break that is spread over two commits is stopped at the first', () => {
  it.each([
    ['experimental first', publicApi('  lifecycle: experimental\n')],
    [
      'internal first',
      { 'apis/pets.yaml': publicApi()['apis/pets.yaml'].replace('visibility: public', 'visibility: internal') },
    ],
  ])('%s', async (_, revision) => {
    expect(only(await judge({ revision, usage }), 'gateway-promise-lowered').severity).toBe('error');
    expect(rulesOf(await judge({ revision, usage: called([]) }))).toEqual([['gateway-promise-lowered', 'warning']]);
  });

  it('a promise that grows breaks nobody', async () => {
    const live = publicApi('  lifecycle: experimental\n');
    expect(await judge({ live, revision: publicApi(), usage })).toEqual([]);
  });

  it('a sunset in the past, announced a moment ago', async () => {
    const sunset = publicApi("  lifecycle: deprecated\n  deprecation: { sunset: '2026-01-01' }\n");
    const more = {
      deprecations: () =>
        Promise.resolve(
          new Map([
            ['', hoursAgo(1)],
            ['deletePet', hoursAgo(1)],
          ]),
        ),
    };
    const found = await judge({ live: sunset, revision: { ...sunset, ...listOnly }, usage, more });
    expect(found.map(({ severity }) => severity)).toContain('error');
    const extra =
      "      deprecated: true\n      x-sunset: '2026-01-01'\n      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n";
    const live = {
      'apis/pets.openapi.yaml': openApi('Pets', list + operation('/pets/{id}', 'delete', 'deletePet', extra)),
    };
    expect((await judge({ live, revision: listOnly, usage, more })).map(({ severity }) => severity)).toContain('error');
  });
});

describe('an address that stays, and lets less through', () => {
  it.each([
    [
      'a condition',
      'gateway-route-removed',
      publicApi()['apis/pets.yaml'].replace(
        'basePath: /pets',
        'basePath: /pets, match: [{ in: header, name: x-beta }]',
      ),
    ],
    [
      'listeners',
      'gateway-route-removed',
      publicApi()['apis/pets.yaml'].replace('basePath: /pets', 'basePath: /pets, listeners: [http]'),
    ],
    ['methods', 'gateway-operation-closed', publicApi('  policy: { allow: { methods: [GET] } }\n')['apis/pets.yaml']],
    [
      'operations',
      'gateway-operation-closed',
      publicApi('  policy: { allow: { operations: [listPets] } }\n')['apis/pets.yaml'],
    ],
  ])('%s', async (_, rule, text) => {
    expect(only(await judge({ revision: { 'apis/pets.yaml': text }, usage }), rule).severity).toBe('error');
  });

  it('a plan that opens fewer operations', async () => {
    const plans = (operations: string): Files => ({
      ...publicApi(),
      'plans.yaml': plan(
        'free',
        `  rateLimit: { requests: 10, per: minute }\n  apis: { names: [pets]${operations} }\n`,
      ),
      'acme.yaml': `apiVersion: gitway.dev/v1\nkind: Consumer\nmetadata: { name: acme }\nspec:\n  credentials: { apiKeys: [{ sha256: '${'a'.repeat(64)}' }] }\n  plans: [free]\n`,
    });
    const revision = plans(', operations: { pets: [listPets] }');
    expect(only(await judge({ live: plans(''), revision, usage }), 'gateway-plan-closed')).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('`DELETE /pets/{id}`: 5 calls'),
    });
    expect(await judge({ live: revision, revision: plans(''), usage })).toEqual([]);
  });
});

it('a document that cannot be compared still has its operations compared', async () => {
  const more = { document: () => Promise.resolve(undefined) };
  expect(rulesOf(await judge({ revision: listOnly, usage, more }))).toEqual([
    ['api-removed-without-deprecation', 'error'],
    ['breaking-not-compared', 'warning'],
  ]);
});
