import { describe, expect, it } from '@jest/globals';
import { workspaceOf } from '../../testing/workspace.ts';
import { RemoteCopies } from '../remote-files.ts';
import { readRuleset } from './read-ruleset.ts';
import { spectralRuleId } from './ruleset.ts';
import { EXAMPLES_LIMIT_BYTES, runSpectral } from './run-spectral.ts';

async function read(files: Record<string, string>, path = '.spectral.yaml') {
  const workspace = workspaceOf(files);
  const entries = new Map((await workspace.list()).map((entry) => [entry.path, entry]));
  return readRuleset(path, { file: 'rules.yaml' }, entries, workspace, {
    remote: new RemoteCopies(undefined),
    functions: false,
  });
}

async function lint(ruleset: string, document: string, more: Record<string, string> = {}) {
  const { ruleset: read1, findings } = await read({ '.spectral.yaml': ruleset, ...more });
  expect(findings).toEqual([]);
  const others = Object.entries(more).filter(([path]) => path.startsWith('api/'));
  const files = [{ path: 'api/openapi.yaml', text: document }, ...others.map(([path, text]) => ({ path, text }))];
  return runSpectral({ files, rulesets: [read1!] });
}

const document = `openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
paths:
  /Pets:
    get:
      summary: all pets
      responses: { "200": { description: ok } }
    post:
      operationId: Add_Pet
      responses: { "201": { description: added } }
`;

describe('a ruleset of the public format', () => {
  it('finds what its rules say, at the place, under its own name', async () => {
    const ruleset = `extends: [[spectral:oas, off]]
formats: [oas3]
documentationUrl: https://example.com/style
aliases:
  Operation: ['$.paths[*][get,put,post,delete]']
rules:
  operation-tags: warn
  paths-kebab-case:
    description: Paths are kebab-case.
    message: '{{property}} is not kebab-case'
    severity: error
    given: $.paths
    then: { field: '@key', function: pattern, functionOptions: { match: '^(/[a-z0-9-.{}]+)+$' } }
  operationIdCamel:
    description: Ids are camelCase.
    severity: info
    given: '#Operation.operationId'
    then: { function: casing, functionOptions: { type: camel } }
  summary-capital:
    given: '#Operation'
    severity: hint
    then: [{ field: summary, function: truthy }, { field: summary, function: pattern, functionOptions: { match: '^[A-Z]' } }]
`;
    const findings = await lint(ruleset, document);
    expect(findings.map(({ rule, severity, where }) => [rule, severity, where.range?.line])).toEqual(
      expect.arrayContaining([
        ['spectral-paths-kebab-case', 'error', 4],
        ['spectral-operation-id-camel', 'info', 9],
        ['spectral-operation-tags', 'warning', 5],
        ['spectral-operation-tags', 'warning', 8],
        ['spectral-summary-capital', 'info', 6],
        ['spectral-summary-capital', 'info', 8],
      ]),
    );
    expect(findings).toHaveLength(6);
    expect(findings.find(({ rule }) => rule === 'spectral-paths-kebab-case')).toMatchObject({
      message: '/Pets is not kebab-case.',
      hint: 'A rule of `.spectral.yaml`: https://example.com/style#paths-kebab-case',
      where: { file: 'api/openapi.yaml', field: 'paths./Pets' },
    });
  });

  it.each([
    ['all', true],
    ['recommended', false],
  ])("takes in Spectral's own rules: %s", async (mode, found) => {
    const rules = (await lint(`extends: [[spectral:oas, ${mode}]]\n`, document)).map(({ rule }) => rule);
    expect(rules).toContain('spectral-info-contact');
    expect(rules.includes('spectral-info-license')).toBe(found);
  });

  it('takes rulesets of Spectral 5: rules under their old names, and `except`', async () => {
    const own = `extends: [[spectral:oas, off]]
rules:
  operation-2xx-response: error
  operation-tags: warn
  operation-operationId: warn
except:
  'api/openapi.yaml#/paths/~1Pets/get': [operation-operationId]
  '#/paths/~1Pets/post': [operation-tags]
  'other.yaml': [operation-2xx-response]
`;
    const gone = document.replace("'201'", 'default').replace('"201"', '"default"');
    const found = (await lint(own, gone)).map(({ rule, where }) => `${rule} ${where.field}`);
    expect(found.sort()).toEqual([
      'spectral-operation-success-response paths./Pets.post.responses',
      'spectral-operation-tags paths./Pets.get',
    ]);
    const { findings } = await read({ '.spectral.yaml': 'rules: {}\nexcept: { a.yaml: all }\n' });
    expect(findings).toMatchObject([{ rule: 'ruleset-invalid', where: { range: { line: 2 } } }]);
  });

  it('extends other files of the repository, also in a circle, and overrides them for files', async () => {
    const files = {
      'base/one.yaml': 'extends: [../.spectral.yaml, ./two.json]\nrules: {}\n',
      'base/two.json':
        '{ "rules": { "has-contact": { "given": "$.info", "then": { "field": "contact", "function": "truthy" } } } }',
    };
    const own = `extends: ./base/one.yaml\noverrides: [{ files: ['other/**'], rules: { has-contact: 'off' } }, { files: ['api/*.yaml'], rules: { has-contact: error } }]\n`;
    expect((await lint(own, document, files)).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['spectral-has-contact', 'error'],
    ]);
  });

  it('sees a document that is split over files, and points into the right one', async () => {
    const split = document.replace(
      '{ "200": { description: ok } }',
      '{ "200": { $ref: "./shared.yaml#/responses/Ok" } }',
    );
    const shared = 'responses:\n  Ok:\n    description: todo\n';
    const rule = `rules: { no-todo: { given: '$.paths[*][*].responses[*]', then: { field: description, function: pattern, functionOptions: { notMatch: todo } } } }\n`;
    const [found, ...rest] = await lint(rule, split, { 'api/shared.yaml': shared });
    expect(found!.where).toMatchObject({ file: 'api/shared.yaml', range: { line: 3 } });
    expect(rest).toEqual([]);
  });

  it('heeds suppressions in the document', async () => {
    const ignoring = document.replace(
      '    post:\n',
      '    post:\n      x-gitway-ignore: { rule: spectral-operation-tags, reason: agreed on, until: 2027-01-01 }\n',
    );
    const findings = await lint('extends: [[spectral:oas, off]]\nrules: { operation-tags: true }\n', ignoring);
    expect(findings.map(({ where, ignoredBy }) => [where.range!.line, ignoredBy])).toEqual([
      [5, undefined],
      [8, [0]],
    ]);
  });

  it('leaves the dear rules about examples out of large documents, and says so', async () => {
    const example = `  /x:\n    get:\n      responses: { "200": { description: ok, content: { application/json: { schema: { type: string }, example: 1 } } } }\n`;
    const own = 'extends: [[spectral:oas, off]]\nrules: { oas3-valid-media-example: true }\n';
    expect((await lint(own, document + example)).map(({ rule }) => rule)).toEqual([
      'spectral-oas3-valid-media-example',
    ]);
    const large = `${document}${example}# ${'x'.repeat(EXAMPLES_LIMIT_BYTES)}\n`;
    expect((await lint(own, large)).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['ruleset-examples', 'info'],
    ]);
  });

  it('gives the same findings each time, from a fresh instance', async () => {
    const own = 'extends: spectral:oas\n';
    const first = await lint(own, document);
    for (let run = 0; run < 3; run++) expect(await lint(own, document)).toEqual(first);
  });

  it.each([
    ['operation-tags', 'spectral-operation-tags'],
    ['no-$ref-siblings', 'spectral-no-ref-siblings'],
    ['oas3_1-servers-in-webhook', 'spectral-oas3-1-servers-in-webhook'],
    ['operationTags', 'spectral-operation-tags'],
    ['___', 'spectral-rule'],
    ['x'.repeat(200), `spectral-${'x'.repeat(71)}`],
  ])('%s becomes %s', (code, id) => {
    expect(spectralRuleId(code)).toBe(id);
  });
});

describe('a hostile ruleset', () => {
  const hostile = (then: string, given = '$') => `rules: { x: { given: "${given}", then: ${then} } }\n`;
  it.each([
    [
      'functions',
      'functions: [evil]\nrules: { x: { given: $, then: { function: evil } } }\n',
      ['ruleset-refused', 'ruleset-refused'],
    ],
    ['functionsDir', 'functionsDir: ./lib\nrules: {}\n', ['ruleset-refused']],
    ['a function that is not there', hostile('{ function: evil }'), ['ruleset-refused']],
    ['a remote ruleset', 'extends: https://evil.example/ruleset.yaml\n', ['ruleset-refused']],
    ['a remote ruleset of no scheme', 'extends: //evil.example/ruleset.yaml\n', ['ruleset-refused']],
    ['a package', "extends: ['@stoplight/spectral-owasp-ruleset']\n", ['ruleset-refused']],
    ['JavaScript', 'extends: ./ruleset.js\n', ['ruleset-refused']],
    ['a file outside', 'extends: ../../etc/ruleset.yaml\n', ['ruleset-refused']],
    ['an absolute file', 'extends: /etc/ruleset.yaml\n', ['ruleset-refused']],
    [
      'an override that extends it',
      "overrides: [{ files: ['*'], extends: https://evil.example/r.yaml }]\n",
      ['ruleset-refused'],
    ],
    [
      'a script in a path',
      hostile('{ function: truthy }', '$[?(@.constructor.constructor(1)())]'),
      ['ruleset-refused'],
    ],
    ['a script in a field', hostile("{ function: truthy, field: '$[?(process.exit())]' }"), ['ruleset-refused']],
    [
      'a script in an alias',
      "aliases: { A: ['$[?(process.exit())]'] }\nrules: { x: { given: '#A', then: { function: truthy } } }\n",
      ['ruleset-refused'],
    ],
    [
      'a script in a message',
      "rules: { x: { message: '#{{process.exit()}}', given: $, then: { function: truthy } } }\n",
      ['ruleset-refused'],
    ],
    ['a rule named __proto__', 'rules: { __proto__: { given: $, then: { function: truthy } } }\n', ['ruleset-invalid']],
    ['a rule named constructor', "rules: { constructor: 'off' }\n", ['ruleset-invalid']],
    ['no ruleset at all', '- 1\n', ['ruleset-invalid']],
    ['duplicate keys', 'rules: {}\nrules: {}\n', ['ruleset-invalid']],
    ['what Spectral does not know', 'rules: { x: { given: $ } }\n', ['ruleset-invalid']],
    ['an unknown format', 'formats: [oas9]\nrules: {}\n', ['ruleset-invalid']],
    [
      'options that do not fit',
      hostile('{ function: pattern, functionOptions: { nonsense: 1 } }'),
      ['ruleset-invalid'],
    ],
    ['a severity for nothing', 'rules: { no-such: error }\n', ['ruleset-invalid']],
  ])('is refused: %s', async (_, text, rules) => {
    const { ruleset, findings } = await read({ '.spectral.yaml': text });
    expect(findings.map((found) => found.rule)).toEqual(rules);
    expect(findings.every(({ hint, where }) => hint !== undefined && where.file === '.spectral.yaml')).toBe(true);
    expect(ruleset).toBeUndefined();
  });

  it('is refused where it is JavaScript, or missing', async () => {
    expect((await read({ 'spectral.js': 'process.exit()' }, 'spectral.js')).findings).toMatchObject([
      { rule: 'ruleset-refused', where: { file: 'rules.yaml' } },
    ]);
    expect((await read({}, 'spectral.yaml')).findings).toMatchObject([{ rule: 'missing-file' }]);
  });

  it('cannot make a document an expression: what the document holds is text', async () => {
    const marked = document
      .replace('all pets', "'#{{toUpperCase(value)}} {{property}}'")
      .replace('/Pets', "'/#{{concat(1,2)}}'");
    const own = `rules: { x: { given: '$.paths[*].get', message: '{{value}}{{error}}', then: { field: summary, function: pattern, functionOptions: { match: nothing } } } }\n`;
    const [found] = await lint(own, marked);
    expect(found!.message).toContain('#{{toUpperCase(value)}} {{property}}');
    expect(found!.where).toMatchObject({ field: 'paths./#{{concat(1,2)}}.get.summary', range: { line: 6 } });
  });

  it('that throws is a finding, and nothing else is lost', async () => {
    const own = `rules: { x: { given: $.info.title, then: { function: pattern, functionOptions: { match: '(' } } } }\n`;
    expect(await lint(own, document)).toMatchObject([{ rule: 'ruleset-failed', severity: 'error' }]);
  });

  it('reads nothing and fetches nothing for references that cannot be resolved', async () => {
    const remote = document.replace('{ description: ok }', "{ $ref: 'http://127.0.0.1:9/x.yaml' }");
    const local = document.replace('{ description: ok }', "{ $ref: '/etc/passwd' }");
    for (const each of [remote, local]) {
      const found = await lint('extends: [[spectral:oas, off]]\nrules: { operation-tags: true }\n', each);
      expect(found.map(({ rule }) => rule)).toEqual(['spectral-operation-tags', 'spectral-operation-tags']);
    }
  });
});
