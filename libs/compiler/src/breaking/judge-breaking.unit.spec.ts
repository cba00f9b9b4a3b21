import { describe, expect, it } from '@jest/globals';
import { api, openApi } from '../testing/workspace.ts';
import {
  hoursAgo,
  operation,
  list,
  id,
  listOnly,
  ruleSet,
  called,
  judge,
  judgeWhole,
  only,
  removal,
} from './testing/judged.ts';

describe('an operation that is gone', () => {
  it('is an error where it was called, with who called, how often and when last, at what is left of it', async () => {
    const usage = called([
      { calls: 1_000, lastAt: hoursAgo(5) },
      { consumer: 'globex', calls: 200 },
      { consumer: 'initech', calls: 4, lastAt: hoursAgo(30) },
      { operation: 'listPets', consumer: 'umbrella', calls: 9_000 },
    ]);
    const found = only(await judge({ revision: listOnly, usage }), removal);
    expect(found).toMatchObject({
      severity: 'error',
      where: { file: 'apis/pets.openapi.yaml', range: { line: 3, column: 1 }, object: 'Api/pets', field: 'paths' },
    });
    expect(found.message).toContain(
      '`DELETE /pets/{id}`: 1,204 calls by 3 consumers (acme, globex, initech) in 7 days, the last one at 2026-11-23 10:00 UTC.',
    );
    expect(found.evidence).toMatch(/^`DELETE/);
    expect(found.hint).toContain('breaking.accept');
  });

  it('is a warning where it was not called, or not lately', async () => {
    const quiet = only(await judge({ revision: listOnly }), removal);
    expect(quiet).toMatchObject({ severity: 'warning' });
    expect(quiet.message).toContain('`DELETE /pets/{id}`: no calls in 7 days.');
    const old = called([{ lastAt: hoursAgo(24 * 8) }]);
    expect(only(await judge({ revision: listOnly, usage: old }), removal)).toMatchObject({ severity: 'warning' });
  });

  it('says what it does not know: nothing at all, or nothing from before', async () => {
    const unknown = { unknown: 'no usage of staging has been heard yet' };
    const found = only(await judge({ revision: listOnly, usage: unknown }), removal);
    expect(found.severity).toBe('warning');
    expect(found.message).toContain(
      'How much `DELETE /pets/{id}` is used is not known: no usage of staging has been heard yet.',
    );
    const partly = only(await judge({ revision: listOnly, usage: { knownSince: hoursAgo(3), entries: [] } }), removal);
    expect(partly.message).toContain('no calls since 2026-11-23 09:00 UTC, when usage was first heard of');
  });

  it('names callers without a name, and of many consumers the first', async () => {
    const strangers = only(await judge({ revision: listOnly, usage: called([{ consumer: null, calls: 7 }]) }), removal);
    expect(strangers.message).toContain('7 calls by callers without a name in 7 days');
    const many = called(['a', 'b', 'c', 'd', null].map((name, index) => ({ consumer: name, calls: index + 1 })));
    expect(only(await judge({ revision: listOnly, usage: many }), removal).message).toContain(
      '15 calls by 4 consumers (d, c, b, …) and callers without a name',
    );
  });

  it.each([
    ['internal, called', '', called([{}]), 'warning'],
    ['internal, not called', '', called([]), 'info'],
    ['experimental, called', '  visibility: public\n  lifecycle: experimental\n', called([{}]), 'info'],
    ['partner, called', '  visibility: partner\n', called([{}]), 'error'],
  ])('of an API that is %s', async (_, extra, usage, severity) => {
    const live = { 'apis/pets.yaml': api('pets', extra) };
    // What counts is what callers were promised, and not what the same commit makes of the promise.
    const revision = {
      ...listOnly,
      'apis/pets.yaml': api('pets', '  visibility: internal\n  lifecycle: experimental\n'),
    };
    const found = await judge({ live, revision, usage });
    expect(found.find(({ rule }) => rule === removal)?.severity).toBe(severity);
  });
});

describe('a deprecation', () => {
  const deprecated = (extra = '') => ({
    'apis/pets.openapi.yaml': openApi(
      'Pets',
      list + operation('/pets/{id}', 'delete', 'deletePet', `${id}      deprecated: true\n${extra}`),
    ),
  });
  const usage = called([{}]);

  it('that was served lets the operation go, whoever calls', async () => {
    const more = { deprecations: () => Promise.resolve(new Map([['deletePet', hoursAgo(24 * 40)]])) };
    const found = (await judge({ live: deprecated(), revision: listOnly, usage, more }))[0]!;
    expect(found).toMatchObject({ rule: 'api-path-removed-with-deprecation', severity: 'info' });
    expect(found.message).toContain('It has been deprecated here since 2026-10-14.');
  });

  it('whose sunset is over lets it go', async () => {
    const found = (await judge({ live: deprecated("      x-sunset: '2026-11-01'\n"), revision: listOnly, usage }))[0]!;
    expect(found).toMatchObject({ severity: 'info' });
    expect(found.message).toContain('Its sunset was on 2026-11-01.');
  });

  it('that is younger, or whose sunset is to come, does not', async () => {
    const more = { deprecations: () => Promise.resolve(new Map([['deletePet', hoursAgo(24 * 3)]])) };
    const young = (await judge({ live: deprecated(), revision: listOnly, usage, more }))[0]!;
    expect(young).toMatchObject({ severity: 'error' });
    expect(young.message).toContain('only since 2026-11-20, of 30 days that callers are given');
    const live = deprecated("      x-sunset: '2027-02-01'\n");
    const early = (await judge({ live, revision: listOnly, usage }))[0]!;
    expect(early).toMatchObject({ rule: 'api-path-removed-before-sunset', severity: 'error' });
  });
});

describe('a RuleSet', () => {
  const usage = called([{ lastAt: hoursAgo(24 * 9) }]);

  it('decides by environment, visibility and rule; what the last fitting policy says holds', async () => {
    const far = ruleSet('    policies:\n      - { usedWithin: 14d }\n');
    expect(only(await judge({ revision: { ...listOnly, ...far }, usage }), removal).severity).toBe('error');
    const softer = ruleSet(
      `    policies:\n      - { usedWithin: 14d }\n      - { environments: [staging], visibility: [public], rules: [${removal}], used: warn }\n`,
    );
    expect(only(await judge({ revision: { ...listOnly, ...softer }, usage }), removal).severity).toBe('warning');
    const silent = ruleSet('    policies:\n      - { unused: ignore }\n');
    expect(await judge({ revision: { ...listOnly, ...silent } })).toEqual([]);
  });

  it('that is on trial lets nothing pass', async () => {
    const [soft] = Object.values(ruleSet('    policies:\n      - { used: allow }\n'));
    const tried = { 'rules.yaml': soft!.replace('spec:', 'spec:\n  mode: trial') };
    expect(only(await judge({ revision: { ...listOnly, ...tried }, usage: called([{}]) }), removal).severity).toBe(
      'error',
    );
  });

  it('accepts a change for a reason and a time', async () => {
    const accept = (until: string, extra = "operations: ['delete /pets/{id}']") =>
      ruleSet(
        `    accept:\n      - { api: pets, ${extra}, reason: acme has moved, by: ada@example.com, until: '${until}' }\n`,
      );
    const called2 = called([{}]);
    const good = only(await judge({ revision: { ...listOnly, ...accept('2026-11-23') }, usage: called2 }), removal);
    expect(good.severity).toBe('info');
    expect(good.hint).toMatch(/^Once this is live/);
    expect(good.message).toContain('Accepted by ada@example.com until 2026-11-23: acme has moved.');
    const { environments } = await judgeWhole({ revision: { ...listOnly, ...accept('2026-11-23') }, usage: called2 });
    expect(environments.find(({ name }) => name === 'staging')?.accepted).toEqual([good.message]);
    const over = only(await judge({ revision: { ...listOnly, ...accept('2026-11-22') }, usage: called2 }), removal);
    expect(over.severity).toBe('error');
    expect(over.message).toContain('Its acceptance ended on 2026-11-22.');
    const other = accept('2027-01-01', 'operations: [listPets]');
    expect(only(await judge({ revision: { ...listOnly, ...other }, usage: called2 }), removal).severity).toBe('error');
  });

  it('gives a change one severity for good, or passes it over, as any finding', async () => {
    const one = (spec: string) => ({ 'rules.yaml': ruleSet('')['rules.yaml']!.replace(/  breaking:\n$/, spec) });
    const milder = one(`  rules: { ${removal}: warning }\n`);
    expect(only(await judge({ revision: { ...listOnly, ...milder }, usage: called([{}]) }), removal).severity).toBe(
      'warning',
    );
    const graver = one(`  overrides: [{ rules: [${removal}], visibility: [public], severity: error }]\n`);
    expect(only(await judge({ revision: { ...listOnly, ...graver } }), removal).severity).toBe('error');
    const passed = one(`  ignore: [{ rule: ${removal}, reason: agreed upon, until: '2026-12-01' }]\n`);
    expect(await judge({ revision: { ...listOnly, ...passed }, usage: called([{}]) })).toEqual([]);
  });

  it('is refused where it names rules or environments that there are not, or accepts wholesale', async () => {
    const wrong = ruleSet('    policies:\n      - { environments: [prod], rules: [api-remove], used: warn }\n');
    const findings = await judge({ revision: wrong });
    expect(findings.map(({ rule, where }) => [rule, where.field])).toEqual([
      ['unknown-reference', 'spec.breaking.policies.0.environments.0'],
      ['breaking-rule-unknown', 'spec.breaking.policies.0.rules.0'],
    ]);
    const wholesale = ruleSet("    accept:\n      - { api: pets, reason: yes we can, by: ada, until: '2027-01-01' }\n");
    expect((await judge({ revision: wholesale }))[0]?.message).toContain('nothing is accepted wholesale');
  });
});

describe('documents over several files', () => {
  const split = (type: string) => ({
    'apis/pets.openapi.yaml': openApi(
      'Pets',
      "  /pets:\n    get:\n      operationId: listPets\n      parameters: [{ name: size, in: query, schema: { $ref: './common.yaml#/Size' } }]\n      responses: { '200': { description: ok } }\n  /dogs:\n    get:\n      operationId: listDogs\n      parameters: [{ name: size, in: query, schema: { $ref: './common.yaml#/Size' } }]\n      responses: { '200': { description: ok } }\n",
    ),
    'apis/common.yaml': `Size:\n  $ref: '#/Number'\nNumber:\n  type: ${type}\n`,
  });

  it('are compared as one; a change that concerns several operations is one finding, in the file that holds it', async () => {
    const usage = called([
      { operation: 'listPets', calls: 3 },
      { operation: 'listDogs', calls: 4 },
    ]);
    const found = only(
      await judge({ live: split('integer'), revision: split('boolean'), usage }),
      'request-parameter-type-changed',
    );
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/common.yaml', range: { line: 4 } } });
    expect(found.message).toContain('`GET /dogs` and 1 more: 7 calls by 1 consumer (acme)');
  });
});

it('asks nothing of what is live about APIs that are as they were, and claims nothing without a base', async () => {
  const never = () => Promise.reject(new Error('asked'));
  const more = { unit: never, document: never, usage: never, deprecations: never, servedUntil: never };
  expect(await judge({ revision: {}, more })).toEqual([]);
  expect(await judge({ revision: listOnly, options: { live: () => Promise.resolve(null) } })).toEqual([]);
});

it('says when what is live cannot be read any more', async () => {
  const gone = { document: () => Promise.resolve(undefined) };
  const lost = await judge({ revision: listOnly, more: gone });
  expect(lost.find(({ rule }) => rule === 'breaking-not-compared')).toMatchObject({
    severity: 'warning',
    where: { file: 'apis/pets.yaml' },
  });
  const unitGone = { unit: () => Promise.resolve(undefined) };
  expect(only(await judge({ revision: listOnly, more: unitGone }), 'breaking-not-compared').severity).toBe('warning');
});
