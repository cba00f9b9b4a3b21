import { describe, expect, it } from '@jest/globals';
import { api, openApi, workspaceOf } from '../testing/workspace.ts';
import { compile, messages, ruleSet, told, trial, zoo } from './testing/impact.ts';

const operationId = (level: string, more = '') => ruleSet(`  rules: { openapi-operation-id: ${level} }\n${more}`);
const would = (rule: string, what: string, list: string) =>
  `Rule \`${rule}\` would ${what} that are live in staging: ${list}.`;

describe('another severity of a rule of the lint', () => {
  it('is told with whom it would refuse of what is live, at the place where it is said', async () => {
    expect(await told({ revision: operationId('error') })).toEqual([
      {
        rule: 'rule-set-impact',
        severity: 'warning',
        where: expect.objectContaining({ file: 'rules/house.yaml', field: 'spec.rules.openapi-operation-id' }),
        message: would('openapi-operation-id', 'reject 2 of 3 APIs', 'cats, pets'),
        hint: expect.stringContaining('mode: trial'),
        related: [
          { where: { object: 'Api/cats' }, message: expect.stringContaining('operationId') },
          { where: { object: 'Api/pets' }, message: expect.stringContaining('operationId') },
        ],
      },
    ]);
  });

  it.each([
    [
      'by lifecycle and visibility',
      '  overrides: [{ visibility: [internal], severity: warning }]\n',
      'reject 1 of 3 APIs',
      'cats',
    ],
    [
      'by environment',
      '  overrides: [{ environments: [staging], severity: warning }]\n',
      'warn of 2 of 3 APIs',
      'cats, pets',
    ],
  ])('%s', async (_, more, what, list) => {
    const [first] = await messages({ revision: operationId('error', more) });
    expect(first).toContain(would('openapi-operation-id', what, list));
  });

  it('of which nothing is said any more is what it was before anybody spoke of it', async () => {
    const off = ruleSet('  rules: { openapi-operation-id: "off", route-shadowed: info }\n');
    const gone = ruleSet('  rules: { route-shadowed: info }\n');
    expect(await messages({ live: off, revision: gone })).toEqual([
      `info ${would('openapi-operation-id', 'warn of 2 of 3 APIs', 'cats, pets')}`,
    ]);
    expect(await messages({ live: off, revision: off })).toEqual([]);
  });

  it('on trial, and with nothing to hit', async () => {
    expect(await messages({ revision: trial(operationId('error')) })).toEqual([
      'warning Rule `openapi-operation-id`, on trial, would reject 2 of 3 APIs that are live in staging: cats, pets.',
    ]);
    expect(await messages({ revision: ruleSet('  rules: { openapi-identical-paths: error }\n') })).toEqual([
      'info Rule `openapi-identical-paths` would hit nothing that is live in staging.',
    ]);
  });

  it('leaves alone what is passed over in what is live, and counts again what a RuleSet no longer passes over', async () => {
    const ignored =
      "      x-gitway-ignore: [{ rule: openapi-operation-id, reason: an old one, until: '2027-01-31' }]\n";
    const path = `  /things:\n    get:\n${ignored}      responses: { '200': { description: ok } }\n`;
    const live = { 'apis/pets.openapi.yaml': openApi('Pets', path) };
    const [first] = await messages({ live, revision: operationId('error') });
    expect(first).toContain('would reject 1 of 3 APIs that are live in staging: cats.');
    const entry = "  ignore: [{ rule: openapi-operation-id, reason: an old one, until: '2027-01-31' }]\n";
    expect(await messages({ live: operationId('error', entry), revision: operationId('error') })).toEqual([
      `warning ${would('openapi-operation-id', 'reject 2 of 3 APIs', 'cats, pets')}`,
    ]);
  });

  it('says so where a file of what is live would be refused today', async () => {
    const found = await messages({
      revision: operationId('error'),
      files: { 'apis/dogs.openapi.yaml': 'openapi: [\n' },
    });
    expect(found).toEqual([
      `warning ${would('openapi-operation-id', 'reject 2 of 3 APIs', 'cats, pets')}`,
      expect.stringContaining('some of the files of what is live would be refused today whatever rules say'),
    ]);
  });

  it('says what is not known where the files of what is live cannot be had', async () => {
    const [only, ...others] = await messages({ revision: operationId('error'), hear: { unknown: 'they are gone' } });
    expect([only, others]).toEqual([expect.stringContaining('is not known in full: they are gone.'), []]);
  });
});

describe('a Spectral ruleset', () => {
  const named = '  openapi: { rulesets: [../style.yaml] }\n';
  const titled = (level: string, match = '^Dogs') =>
    `  title-case:\n    severity: ${level}\n    given: $.info.title\n    then: { function: pattern, functionOptions: { match: '${match}' } }\n`;
  const tagged =
    '  operation-tag:\n    severity: warn\n    given: $.paths[*].get\n    then: { field: tags, function: truthy }\n';
  const style = (rules: string, head = '') => ({ ...ruleSet(named), 'style.yaml': `${head}rules:\n${rules}` });
  const rejects = would('spectral-title-case', 'reject 2 of 3 APIs', 'cats, pets');

  it('that is added is held against every document that is live, rule by rule', async () => {
    const found = await told({ revision: style(titled('error') + tagged) });
    expect(found.map(({ severity, message, where }) => [severity, message, where.field])).toEqual([
      ['info', would('spectral-operation-tag', 'warn of 3 of 3 APIs', 'cats, dogs, pets'), 'spec.openapi.rulesets.0'],
      ['warning', rejects, 'spec.openapi.rulesets.0'],
    ]);
  });

  it('that changes is held against them in what changed', async () => {
    const live = style(titled('warn') + tagged);
    expect(await messages({ live, revision: style(titled('error') + tagged) })).toEqual([`warning ${rejects}`]);
    expect(await messages({ live, revision: style(titled('warn', '^[A-Z]') + tagged) })).toEqual([
      'info Rule `spectral-title-case` would hit nothing that is live in staging.',
    ]);
    expect(await messages({ live, revision: { 'style.yaml': `# words\n${live['style.yaml']}` } })).toEqual([]);
    expect(await messages({ live, revision: ruleSet('  rules: { route-shadowed: info }\n') })).not.toContainEqual(
      expect.stringContaining('spectral'),
    );
  });

  it('that extends what is built in is held against them with rules that it does not name', async () => {
    const live = style(tagged);
    const found = await messages({ live, revision: style(tagged, 'extends: [[spectral:oas, recommended]]\n') });
    expect(found).toContain(`info ${would('spectral-operation-operation-id', 'warn of 2 of 3 APIs', 'cats, pets')}`);
  });

  it('on trial would refuse what it would refuse', async () => {
    const tried = await messages({ revision: { ...style(titled('error')), ...trial(ruleSet(named)) } });
    expect(tried).toEqual([`warning ${rejects.replace('` would', '`, on trial, would')}`]);
  });
});

describe('what RuleSets ask of the checks of the whole', () => {
  it('is held against what is live: requirements, upstreams, severities', async () => {
    const require = (mode = '') => ruleSet(`${mode}  require: [{ visibility: [public], fields: [rateLimit] }]\n`);
    const lacking = would('missing-policy', 'reject 1 of 3 APIs', 'cats');
    expect(await messages({ revision: require() })).toEqual([`warning ${lacking}`]);
    expect(await messages({ revision: require('  mode: trial\n') })).toEqual([
      `warning ${lacking.replace('` would', '`, on trial, would')}`,
    ]);
    const upstreams = ruleSet('  upstreams: [{ private: refuse }]\n');
    expect(await messages({ revision: upstreams })).toEqual([
      `warning ${would('private-upstream', 'reject 3 of 3 APIs', 'cats, dogs, pets')}`,
    ]);
    expect(await messages({ live: upstreams, revision: upstreams })).toEqual([]);
  });

  it('goes by what is live, and not by what the commit makes of it', async () => {
    const gone = {
      'apis/cats.openapi.yaml': openApi('Cats'),
      'apis/mice.yaml': api('mice'),
      'apis/mice.openapi.yaml': openApi('Mice'),
    };
    const [first] = await messages({ revision: { ...gone, ...operationId('error') } });
    expect(first).toContain('would reject 2 of 3 APIs that are live in staging: cats, pets.');
  });
});

it('a compile that only hears changes nothing for the next one, on one cache', async () => {
  const files = { ...zoo(), ...operationId('warning') };
  const before = await compile(workspaceOf(files));
  await told({ live: operationId('warning'), revision: operationId('error') });
  const after = await compile(workspaceOf(files));
  expect(after.findings).toEqual(before.findings);
  expect(after.environments.map(({ digest }) => digest)).toEqual(before.environments.map(({ digest }) => digest));
});
