import { describe, expect, it } from '@jest/globals';
import type { Finding } from '@gitway/contracts';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { liveRules } from '../rules/index.ts';
import { api, consumer, openApi, permissiveDrivers, plan, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { CompileOptions } from '../workspace.ts';
import { liveFromCompiled } from './live-from-compiled.ts';
import type { ApiUsage, LiveEnvironment, UsageEntry } from './live.ts';

type Files = Record<string, string>;

const now = new Date('2026-11-23T12:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const long = hoursAgo(24 * 60);

const operation = (path: string, method: string, id: string, extra = '') =>
  `  ${path}:\n    ${method}:\n      operationId: ${id}\n${extra}      responses: { '200': { description: ok } }\n`;
const list = operation('/pets', 'get', 'listPets');
const id = '      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]\n';
const remove = operation('/pets/{id}', 'delete', 'deletePet', id);
const both = { 'apis/pets.openapi.yaml': openApi('Pets', list + remove) };
const listOnly = { 'apis/pets.openapi.yaml': openApi('Pets', list) };
const publicApi = (extra = '', basePath = '/pets') => ({
  'apis/pets.yaml': api('pets', `  visibility: public\n${extra}`, basePath),
});
const ruleSet = (breaking: string): Files => ({
  'rules.yaml': `apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  breaking:\n${breaking}`,
});
const called = (entries: Partial<UsageEntry>[]): ApiUsage => ({
  knownSince: long,
  entries: entries.map((entry) => ({
    operation: 'deletePet',
    consumer: 'acme',
    calls: 1,
    lastAt: hoursAgo(2),
    ...entry,
  })),
});

interface Case {
  live?: Files;
  revision: Files;
  usage?: ApiUsage;
  more?: Partial<LiveEnvironment>;
  options?: Partial<CompileOptions>;
}

async function judge({
  live = {},
  revision,
  usage = called([]),
  more = {},
  options = {},
}: Case): Promise<readonly Finding[]> {
  const base = workspaceOf({ ...smallWorkspace(), ...publicApi(), ...both, ...live });
  const cache = new MemoryCache();
  const compiled = await compileWorkspace(base, { drivers: permissiveDrivers, now, cache });
  expect(compiled.findings).toEqual([]);
  const files = { ...smallWorkspace(), ...publicApi(), ...both, ...live, ...revision };
  const { findings } = await compileWorkspace(workspaceOf(files), {
    drivers: permissiveDrivers,
    now,
    cache,
    live: (environment) => {
      const from = liveFromCompiled(compiled, environment, base, { name: 'live', usage: () => Promise.resolve(usage) });
      return Promise.resolve(from === null ? null : { ...from, ...more });
    },
    ...options,
  });
  return findings;
}

/** Breaking changes alone: what else an edit leaves behind has specs of its own. */
const only = (findings: readonly Finding[], rule: string): Finding => {
  const breaking = new Set(liveRules.map(({ id: known }) => known));
  const found = findings.filter((each) => breaking.has(each.rule));
  expect(found.map((each) => each.rule)).toEqual([rule]);
  return found[0]!;
};
const removal = 'api-path-removed-without-deprecation';

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
    expect(only(await judge({ live, revision, usage }), removal).severity).toBe(severity);
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

  it('accepts a change for a reason and a time', async () => {
    const accept = (until: string, extra = "operations: ['delete /pets/{id}']") =>
      ruleSet(
        `    accept:\n      - { api: pets, ${extra}, reason: acme has moved, by: ada@example.com, until: '${until}' }\n`,
      );
    const called2 = called([{}]);
    const good = only(await judge({ revision: { ...listOnly, ...accept('2026-11-23') }, usage: called2 }), removal);
    expect(good.severity).toBe('info');
    expect(good.message).toContain('Accepted by ada@example.com until 2026-11-23: acme has moved.');
    const over = only(await judge({ revision: { ...listOnly, ...accept('2026-11-22') }, usage: called2 }), removal);
    expect(over.severity).toBe('error');
    expect(over.message).toContain('Its acceptance ended on 2026-11-22.');
    const other = accept('2027-01-01', 'operations: [listPets]');
    expect(only(await judge({ revision: { ...listOnly, ...other }, usage: called2 }), removal).severity).toBe('error');
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

describe('what the gateway asks', () => {
  it.each([
    ['another base path', 'gateway-route-removed', publicApi('', '/animals'), 'no longer answers under `/pets`'],
    [
      'another host',
      'gateway-route-removed',
      { 'apis/pets.yaml': publicApi()['apis/pets.yaml'].replace('api.example.com', 'new.example.com') },
      'no longer answers on `api.example.com`',
    ],
    ['retirement', 'gateway-api-retired', publicApi('  lifecycle: retired\n'), 'answered with 410'],
  ])('%s is weighed by all calls of the API', async (_, rule, revision, says) => {
    const found = only(await judge({ revision, usage: called([{ calls: 5 }]) }), rule);
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
    expect(found.message).toContain(says);
    expect(found.message).toContain('The API: 5 calls by 1 consumer (acme) in 7 days');
  });

  it('authentication where there was none', async () => {
    const live = publicApi('  policy: { auth: { anyOf: [none] } }\n');
    const found = only(
      await judge({ live, revision: publicApi(), usage: called([{}]) }),
      'gateway-authentication-added',
    );
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
  });

  it.each([
    [
      '{ anyOf: [apiKey], apiKey: { header: x-old } }',
      '{ anyOf: [apiKey], apiKey: { header: x-new } }',
      'no longer takes a key in the header `x-old`',
    ],
    ['{ anyOf: [apiKey, basic] }', '{ anyOf: [basic] }', 'no longer lets in callers who show `apiKey`'],
  ])('other credentials: %s → %s', async (before, after, says) => {
    const auth = (words: string) => publicApi(`  policy: { auth: ${words} }\n`);
    const revision = auth(after);
    const found = only(
      await judge({ live: auth(before), revision, usage: called([{}]) }),
      'gateway-authentication-changed',
    );
    expect(found).toMatchObject({ severity: 'error', where: { file: 'apis/pets.yaml' } });
    expect(found.message).toContain(says);
  });

  it('of one operation, weighed by its own calls', async () => {
    const open = '  policy: { auth: { anyOf: [none] }';
    const revision = publicApi(`${open}, operations: { deletePet: { auth: { anyOf: [apiKey] } } } }\n`);
    const usage = called([
      { consumer: null, calls: 4 },
      { operation: 'listPets', calls: 900 },
    ]);
    const found = only(
      await judge({ live: publicApi(`${open} }\n`), revision, usage }),
      'gateway-authentication-added',
    );
    expect(found).toMatchObject({ severity: 'error', where: { field: 'spec.policy.operations.deletePet.auth' } });
    expect(found.message).toContain('`DELETE /pets/{id}`: 4 calls by callers without a name');
  });

  it('one more way in breaks nobody', async () => {
    const live = publicApi('  policy: { auth: { anyOf: [basic] } }\n');
    const revision = publicApi('  policy: { auth: { anyOf: [basic, apiKey] } }\n');
    const found = await judge({ live, revision, usage: called([{}]) });
    expect(found.map(({ rule }) => rule)).toEqual([]);
  });

  it('a plan that no longer opens it to its subscribers, weighed by what these called', async () => {
    const live: Files = {
      ...publicApi('  plans: [free, pro]\n'),
      'plans.yaml': `${plan('free')}---\n${plan('pro')}`,
      'acme.yaml': consumer('acme', 'a'.repeat(64), '  plans: [free]\n'),
      'globex.yaml': consumer('globex', 'b'.repeat(64), '  plans: [free, pro]\n'),
    };
    const revision = publicApi('  plans: [pro]\n');
    const usage = called([{ consumer: 'globex', calls: 900 }]);
    const found = only(await judge({ live, revision, usage }), 'gateway-plan-closed');
    expect(found.severity).toBe('warning');
    expect(found.message).toContain('closed to `acme`: plan `free` no longer opens it. The API: no calls in 7 days.');
  });

  it('an API that is gone, unless another one answers in its place', async () => {
    const other = { 'apis/cats.yaml': api('cats'), 'apis/cats.openapi.yaml': openApi('Cats') };
    const gone = only(
      await judge({
        live: other,
        revision: { 'apis/pets.yaml': '# gone\n', 'apis/pets.openapi.yaml': '# gone\n' },
        usage: called([{}]),
      }),
      'gateway-api-removed',
    );
    expect(gone).toMatchObject({ severity: 'error', where: { object: 'Api/pets' } });
    const renamed = {
      'apis/pets.yaml': api('animals', '', '/pets').replace('./animals', './pets'),
    };
    expect(await judge({ revision: renamed, usage: called([{}]) })).toEqual([]);
    const less = only(await judge({ revision: { ...renamed, ...listOnly }, usage: called([{}]) }), removal);
    expect(less).toMatchObject({ severity: 'error', where: { object: 'Api/animals' } });
  });
});

describe('taking back', () => {
  const usage = called([{}]);

  it('holds nothing against a commit that Gitway wrote, or that returns to what was live a while ago', async () => {
    const own = only(await judge({ revision: listOnly, usage, options: { writtenByGitway: true } }), removal);
    expect(own).toMatchObject({
      severity: 'info',
      message: expect.stringContaining('Gitway wrote this commit itself'),
    });
    const more = { servedUntil: () => Promise.resolve(hoursAgo(1)) };
    const back = only(await judge({ revision: listOnly, usage, more }), removal);
    expect(back).toMatchObject({ severity: 'info', message: expect.stringContaining('goes back to what was live') });
    const longAgo = { servedUntil: () => Promise.resolve(hoursAgo(48)) };
    expect(only(await judge({ revision: listOnly, usage, more: longAgo }), removal).severity).toBe('error');
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

it('says when what is live cannot be read any more, and that Swagger 2.0 is not compared', async () => {
  const gone = { document: () => Promise.resolve(undefined) };
  expect(only(await judge({ revision: listOnly, more: gone }), 'breaking-not-compared')).toMatchObject({
    severity: 'warning',
    where: { file: 'apis/pets.yaml' },
  });
  const swagger = {
    'apis/pets.openapi.yaml':
      "swagger: '2.0'\ninfo: { title: Pets, version: 1.0.0 }\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses: { '200': { description: ok } }\n",
  };
  expect(only(await judge({ revision: swagger }), 'breaking-not-compared')).toMatchObject({
    severity: 'info',
    message: expect.stringContaining('Swagger 2.0 documents are not compared'),
  });
  const unitGone = { unit: () => Promise.resolve(undefined) };
  expect(only(await judge({ revision: listOnly, more: unitGone }), 'breaking-not-compared').severity).toBe('warning');
});
