import { describe, expect, it } from '@jest/globals';
import { RemoteCopies } from '../../remote-files.ts';
import { readRuleset } from '../read-ruleset.ts';
import { runSpectral } from '../run-spectral.ts';
import { workspaceOf } from '../../../testing/workspace.ts';

async function read(files: Record<string, string>, functions = true) {
  const workspace = workspaceOf(files);
  const entries = new Map((await workspace.list()).map((entry) => [entry.path, entry]));
  return readRuleset('style/.spectral.yaml', { file: 'rules.yaml' }, entries, workspace, {
    remote: new RemoteCopies(undefined),
    functions,
  });
}

const document = `openapi: 3.1.0
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    get:
      operationId: listPets
      responses: { "200": { $ref: '#/components/responses/Pets' } }
    post:
      operationId: add
      responses: { "201": { $ref: '#/components/responses/Pets' } }
components:
  responses:
    Pets: { description: pets }
`;
const ruleset = (more = '', then = '{ function: check }', given = '$.paths[*][*].operationId') =>
  `functions: [check]\nrules:\n  own:\n    given: ${given}\n    then: ${then}\n${more}`;

/** What a function finds; `check` is the text of `style/functions/check.js`. */
async function lint(check: string, own = ruleset(), more: Record<string, string> = {}) {
  const reading = await read({ 'style/.spectral.yaml': own, 'style/functions/check.js': check, ...more });
  expect(reading.findings).toEqual([]);
  return runSpectral({ files: [{ path: 'openapi.yaml', text: document }], rulesets: [reading.ruleset!] });
}
const messages = async (...args: Parameters<typeof lint>) => (await lint(...args)).map(({ message }) => message);

const long = `export default (id, options, context) => {
  if (id.length < 5) return [{ message: \`\${id} is too short\` }];
};
`;

describe('a function of a ruleset, where the source allows it', () => {
  it('finds what it says, where it looks', async () => {
    expect(await lint(long)).toMatchObject([
      {
        rule: 'spectral-own',
        severity: 'warning',
        message: 'add is too short.',
        where: { file: 'openapi.yaml', range: { line: 9 } },
      },
    ]);
  });

  it.each([
    ['CommonJS', "module.exports = (id) => id.length < 5 ? [{ message: 'short' }] : [];"],
    [
      'exports.default',
      "exports.__esModule = true; exports.default = function (id) { if (id.length < 5) return [{ message: 'short' }]; };",
    ],
    ['a promise', "export default async (id) => { await null; if (id.length < 5) return [{ message: 'short' }]; };"],
    [
      'createRulesetFunction',
      "import { createRulesetFunction } from '@stoplight/spectral-core';\nexport default createRulesetFunction({ input: { type: 'string', minLength: 5 }, errorOnInvalidInput: true, options: null }, function own() {});",
    ],
    [
      'core functions',
      "import { length } from '@stoplight/spectral-functions';\nexport default (id, _, context) => length(id, { min: 5 }, context);",
    ],
    [
      'files beside it',
      "import { short } from './lib/short';\nexport default (id) => short(id) ? [{ message: 'short' }] : [];",
    ],
    [
      'files that it requires',
      "const { short } = require('./lib/cjs');\nconst { createRulesetFunction } = require('@stoplight/spectral-core');\nmodule.exports = createRulesetFunction({ input: null, options: null }, (id) => short(id) ? [{ message: 'short' }] : []);",
    ],
    [
      'the document',
      "export default (id, _, { path, document, documentInventory }) => documentInventory.resolved.paths['/pets'].post.responses[201].description === 'pets' && document.data.paths['/pets'].post.responses[201].$ref && path.at(-2) === 'post' ? [{ message: 'short', path }] : [];",
    ],
    [
      'formats',
      "import { oas3, oas2 } from '@stoplight/spectral-formats';\nexport default (id, _, { document }) => document.formats.has(oas3) && !document.formats.has(oas2) && id.length < 5 ? [{ message: 'short' }] : [];",
    ],
    [
      'top-level await and console',
      "console.log(await Promise.resolve(1));\nexport default (id) => id.length < 5 ? [{ message: 'short' }] : [];",
    ],
  ])('may use %s', async (_, check) => {
    const found = await lint(check, ruleset('formats: [oas3, oas2]\n'), {
      'style/functions/lib/short.js':
        "import least from './least.json';\nexport const short = (id) => id.length < least.length;\n",
      'style/functions/lib/least.json': '{ "length": 5 }',
      'style/functions/lib/cjs.js': "exports.short = (id) => id.length < require('./least.json').length;\n",
    });
    expect(found.map(({ rule, where }) => [rule, where.range?.line])).toEqual([['spectral-own', 9]]);
  });

  it('is given its options, which fit what the ruleset and the function declare', async () => {
    const check =
      "import { createRulesetFunction } from '@stoplight/spectral-core';\nexport default createRulesetFunction({ input: null, options: { type: 'object', properties: { min: { type: 'number' } }, required: ['min'], additionalProperties: false } }, function min(id, { min }) { if (id.length < min) return [{ message: 'short' }]; });\n";
    const own = (options: string) => ruleset('', `{ function: check, functionOptions: ${options} }`);
    expect(await messages(check, own('{ min: 5 }'))).toEqual(['short.']);
    const [failed] = await lint(check, own('{ mini: 5 }'));
    expect(failed).toMatchObject({ rule: 'ruleset-failed', severity: 'error' });
    expect(failed!.message).toMatch(/"min"/);
    const inRuleset = own('{ min: five }').replace(
      '[check]',
      '[[check, { type: object, properties: { min: { type: number } } }]]',
    );
    expect(await lint('export default () => {};', inRuleset)).toMatchObject([{ rule: 'ruleset-failed' }]);
  });

  it('is known to its own ruleset alone, and may be named like one of the core', async () => {
    const base = 'functions: [truthy]\nrules: { base: { given: $.info, then: { function: truthy } } }\n';
    const own = 'extends: ./base.yaml\nrules: { own: { given: $.info, then: { field: title, function: truthy } } }\n';
    const files = {
      'style/base.yaml': base,
      'style/functions/truthy.js': "export default () => [{ message: 'base' }];",
    };
    expect(await messages('', own, files)).toEqual(['base.']);
    const foreign = own.replace('truthy }', 'check }').replace('./base.yaml', './other.yaml');
    const { findings } = await read({
      'style/.spectral.yaml': foreign,
      'style/other.yaml': ruleset(),
      'style/functions/check.js': long,
    });
    expect(findings).toMatchObject([
      { rule: 'ruleset-invalid', where: { file: 'style/.spectral.yaml', field: 'rules.own.then.function' } },
    ]);
  });

  it('lies where functionsDir says', async () => {
    const own = `functionsDir: ../rules\n${ruleset()}`;
    expect(await messages('', own, { 'rules/check.js': long })).toEqual(['add is too short.']);
  });

  it('is part of what a reading is made from', async () => {
    const files = {
      'style/.spectral.yaml': ruleset(),
      'style/functions/check.js': "import './more.js';\nexport default () => {};",
      'style/functions/more.js': '',
    };
    const { madeFrom, ruleset: first, findings } = await read(files);
    expect(findings).toEqual([]);
    expect(madeFrom.map(({ path }) => path)).toEqual([
      'style/.spectral.yaml',
      'style/functions/check.js',
      'style/functions/more.js',
    ]);
    const { ruleset: second } = await read({ ...files, 'style/functions/more.js': '1;' });
    expect(second!.digest).not.toBe(first!.digest);
  });
});

describe('secrets in clear', () => {
  const token = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ1bC3dE5fG7'].join('');
  it.each([
    ['style/.spectral.yaml', { 'style/.spectral.yaml': `rules: {}\n# ${token}\n` }],
    ['style/.spectral.yaml', { 'style/.spectral.yaml': `rules: { x: { given: 1 } }\n# ${token}\n` }],
    [
      'style/functions/check.js',
      {
        'style/.spectral.yaml': ruleset(),
        'style/functions/check.js': `export default () => [];\nconst token = '${token}';\n`,
      },
    ],
  ])('are told of in %s, once', async (file, files) => {
    const { findings } = await read(files);
    const found = findings.filter(({ rule }) => rule === 'secret-in-document');
    expect(found).toMatchObject([{ severity: 'warning', where: { file, range: { line: 2 } } }]);
    expect(JSON.stringify(findings)).not.toContain(token);
  });
});

describe('functions that cannot be had', () => {
  it('are looked at and not run where the ruleset is read', async () => {
    const check = "import './more.js';\nfor (;;);\nexport default () => {};";
    const { findings } = await read({
      'style/.spectral.yaml': ruleset(),
      'style/functions/check.js': check,
      'style/functions/more.js': 'for (;;);',
    });
    expect(findings).toEqual([]);
  });

  it.each([
    ['what is no JavaScript', 'export default (id) => {\n  return [;\n};\n', 'ruleset-invalid', 2],
    ['packages', "import x from 'lodash';\nexport default () => x;\n", 'ruleset-invalid', 1],
    ['files of the machine', "\nimport fs from 'node:fs';\nexport default () => fs;\n", 'ruleset-invalid', 2],
    [
      'files outside of the repository',
      "import x from '../../../etc/passwd';\nexport default () => x;\n",
      'ruleset-invalid',
      1,
    ],
    ['files that are not there', "import x from './gone.js';\nexport default () => x;\n", 'ruleset-invalid', 1],
  ])('are told of at the line: %s', async (_, check, rule, line) => {
    const { ruleset: none, findings } = await read({
      'style/.spectral.yaml': ruleset(),
      'style/functions/check.js': check,
    });
    expect(findings).toMatchObject([{ rule, where: { file: 'style/functions/check.js', range: { line } } }]);
    expect(none).toBeUndefined();
  });

  it('are told of at the file: what files do not export', async () => {
    const check = "import { x } from './check.js';\nexport default () => x;\n";
    const { findings } = await read({ 'style/.spectral.yaml': ruleset(), 'style/functions/check.js': check });
    expect(findings).toMatchObject([{ rule: 'ruleset-invalid', where: { file: 'style/functions/check.js' } }]);
  });

  it.each([
    ['a file in a folder that is not read', 'functionsDir: ../src\nfunctions: [check]\nrules: {}\n', 'ruleset-refused'],
    ['a file that is missing', 'functions: [chek]\nrules: {}\n', 'missing-file'],
    ['a folder outside', 'functionsDir: ../../up\nfunctions: [check]\nrules: {}\n', 'ruleset-refused'],
    ['a name that leads away', 'functions: [../../../check]\nrules: {}\n', 'ruleset-refused'],
    ['no list', 'functions: check\nrules: {}\n', 'ruleset-invalid'],
    ['a schema that is none', 'functions: [[check, 1]]\nrules: {}\n', 'ruleset-invalid'],
  ])('are told of in the ruleset: %s', async (_, own, rule) => {
    const { findings } = await read({
      'style/.spectral.yaml': own,
      'style/functions/check.js': long,
      'src/check.js': long,
    });
    expect(findings).toMatchObject([{ rule, where: { file: 'style/.spectral.yaml' } }]);
  });

  it('are refused, with the setting, where the source does not allow them', async () => {
    const { findings } = await read({ 'style/.spectral.yaml': ruleset(), 'style/functions/check.js': long }, false);
    expect(findings.map(({ rule }) => rule)).toEqual(['ruleset-refused', 'ruleset-refused']);
    expect(findings[0]!.hint).toContain('GITWAY_RULESET_FUNCTIONS');
  });
});
