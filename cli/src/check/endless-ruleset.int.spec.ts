import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkAnswerSchema } from '@gitway/compiler';
import { tempDir } from '@gitway/testing';
import { freshRepository, writeFiles } from '../testing/sample-repository.ts';

const temp = tempDir();
let folder: string;
beforeEach(() => {
  folder = join(temp.path(), 'repository');
  freshRepository(folder);
});
const bin = fileURLToPath(new URL('../../bin/gitway.mjs', import.meta.url));

const ruleSet = `apiVersion: gitway.dev/v1
kind: RuleSet
metadata: { name: house }
spec: { openapi: { rulesets: [./style.yaml] } }
`;
/** It ends on every document but that whose title it backtracks over. */
const backtracking = `rules:
  title:
    given: $.info.title
    then: { function: pattern, functionOptions: { match: '^(a+)+$' } }
`;
const trap = `openapi: 3.0.3
info: { title: ${'a'.repeat(60)}!, version: '1' }
paths: {}
`;
const apiOf = (name: string) => `apiVersion: gitway.dev/v1
kind: Api
metadata: { name: ${name} }
spec:
  openapi: ./${name}.openapi.yaml
  route: { basePath: /${name} }
  upstream: { pools: [{ name: stable, targets: [{ url: http://${name}.internal:8080 }] }] }
`;

/** In a process of its own: threads that are ended there take nothing of the test's with them. */
function check(limit: string, ...more: string[]) {
  try {
    return execFileSync(process.execPath, [bin, 'check', '.', '--json', '--no-cache', ...more], {
      cwd: folder,
      timeout: 110_000,
      env: { ...process.env, GITWAY_DOCUMENT_TIME_LIMIT: limit },
    });
  } catch (error) {
    return (error as { stdout: Buffer }).stdout;
  }
}
const findingsOf = (out: Buffer) =>
  checkAnswerSchema
    .parse(JSON.parse(out.toString()))
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ rule, where }) => [rule, where.file]);

describe('gitway check with a ruleset that does not end', () => {
  it('tells of the document on which it does not, and judges the others', () => {
    writeFiles(folder, {
      'rules/house.yaml': ruleSet,
      'rules/style.yaml': backtracking,
      'trap/api.yaml': apiOf('trap'),
      'trap/trap.openapi.yaml': trap,
    });
    expect(findingsOf(check('5s'))).toEqual([['document-takes-too-long', 'trap/trap.openapi.yaml']]);
  }, 120_000);

  it('tries it on a few documents, and not on every one', () => {
    const names = Array.from({ length: 14 }, (_, index) => `trap${index}`);
    const files = names.flatMap((name) => [
      [`${name}/api.yaml`, apiOf(name)],
      [`${name}/${name}.openapi.yaml`, trap],
    ]);
    writeFiles(folder, { 'rules/house.yaml': ruleSet, 'rules/style.yaml': backtracking, ...Object.fromEntries(files) });
    const { findings } = checkAnswerSchema.parse(JSON.parse(check('2s').toString()));
    const trapped = findings.filter(({ where }) => where.file?.startsWith('trap'));
    expect(trapped.map(({ rule }) => rule)).toEqual(names.map(() => 'document-takes-too-long'));
    // Nine are tried at a time at most, and the third that ends in vain is the last to be followed by another.
    expect(trapped.filter(({ message }) => message.startsWith('Not read:')).length).toBeGreaterThanOrEqual(3);
  }, 120_000);

  it('ends a JSONPath that explodes', () => {
    const deep = Array.from({ length: 8 }).reduce<unknown>(
      (inner) => Object.fromEntries(Array.from({ length: 4 }, (_, index) => [`k${index}`, inner])),
      'x',
    );
    const document = { openapi: '3.0.3', info: { title: 'X', version: '1' }, paths: {}, 'x-deep': deep };
    writeFiles(folder, {
      'rules/house.yaml': ruleSet,
      'rules/style.yaml': `rules: { all: { given: '$..*..*..*..*..*', then: { function: falsy } } }\n`,
      'trap/api.yaml': apiOf('trap'),
      'trap/trap.openapi.yaml': JSON.stringify(document),
    });
    const [[rule, file] = []] = findingsOf(check('5s')).filter(([, path]) => path?.startsWith('trap/'));
    expect(file).toBe('trap/trap.openapi.yaml');
    expect(rule).toMatch(/^document-(takes-too-long|needs-too-much-memory)$/);
  }, 120_000);

  it('ends a function that stays in one call of the engine, where no steps are counted', () => {
    writeFiles(folder, {
      'rules/house.yaml': ruleSet,
      'rules/style.yaml': `functions: [check]\nrules: { title: { given: $.info, then: { function: check } } }\n`,
      'rules/functions/check.js': `export default ({ title }) => {
  if (title.startsWith('a')) [].indexOf.call({ length: 2 ** 53 - 1 }, 1);
};
`,
      'trap/api.yaml': apiOf('trap'),
      'trap/trap.openapi.yaml': trap,
    });
    expect(findingsOf(check('5s', '--allow-ruleset-functions'))).toEqual([
      ['document-takes-too-long', 'trap/trap.openapi.yaml'],
    ]);
    expect(findingsOf(check('5s')).map(([rule]) => rule)).toEqual(['ruleset-refused', 'ruleset-refused']);
  }, 120_000);
});
