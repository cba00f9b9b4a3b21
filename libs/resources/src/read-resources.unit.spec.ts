import { describe, expect, it } from '@jest/globals';
import { readResourceFile } from './read-resources.ts';

const read = (text: string, path = 'x.yaml') => readResourceFile(path, Buffer.from(text));
const api = (spec: string) => `apiVersion: gitway.dev/v1\nkind: Api\nmetadata: { name: pets }\nspec:\n${spec}`;
const good = api(`  openapi: ./openapi.yaml
  route: { basePath: /pets }
  upstream:
    pools:
      - name: stable
        targets: [{ url: http://a:80 }]
`);

describe('readResourceFile', () => {
  it('reads what conforms, in YAML and in JSON, with a byte order mark and several documents', () => {
    const file = read(`\uFEFF${good}---\nfoo: bar\n---\n${good.replace('name: pets', 'name: cats')}`);
    expect(file.findings).toEqual([]);
    expect(file.resources.map((resource) => [resource.name, resource.document])).toEqual([
      ['pets', 0],
      ['cats', 2],
    ]);
    const plan = { apiVersion: 'gitway.dev/v1', kind: 'Plan', metadata: { name: 'free' }, spec: {} };
    expect(read(JSON.stringify(plan), 'plan.json').resources).toHaveLength(1);
  });

  it('leaves documents of others alone', () => {
    const file = read('apiVersion: v1\nkind: ConfigMap\ndata: { note: see gitway.dev/docs }\n');
    expect(file).toMatchObject({ resources: [], findings: [], isResourceFile: false });
  });

  it('points at an unknown field and suggests the one that was meant', () => {
    const { findings } = read(good.replace('basePath', 'basPath'));
    expect(findings).toContainEqual({
      rule: 'unknown-field',
      severity: 'error',
      where: {
        file: 'x.yaml',
        range: { line: 6, column: 12, endLine: 6, endColumn: 19 },
        object: 'Api/pets',
        field: 'spec.route.basPath',
      },
      message: '`basPath` is not a field of Api.spec.route.',
      hint: 'Did you mean `basePath`?',
    });
    expect(findings.map((finding) => finding.rule)).toContain('missing-field');
  });

  it.each([
    ['another version', good.replace('/v1', '/v2'), 'unknown-version', 1, 'Write `apiVersion: gitway.dev/v1`.'],
    ['an unknown kind', good.replace('kind: Api', 'kind: Apu'), 'unknown-kind', 2, 'Did you mean `Api`?'],
    ['a kind in lower case', good.replace('kind: Api', 'kind: api'), 'unknown-kind', 2, 'Did you mean `Api`?'],
    ['a wrong type', good.replace('name: pets', 'name: 12'), 'invalid-value', 3, 'Put it in quotes: "12".'],
    [
      'a number in quotes',
      good.replace('http://a:80 }', 'http://a:80, weight: "2" }'),
      'invalid-value',
      10,
      'Take the quotes away: 2.',
    ],
    ['a word for a list', `${good}  plans: free\n`, 'invalid-value', 11, 'Make it a list: [free].'],
    [
      'a duration without its unit',
      `${good}  policy: { timeout: { request: 60 } }\n`,
      'invalid-value',
      11,
      'It must be a duration, as in 250ms, 5s, 10m, 1h30m.',
    ],
    ['a wrong word', `${good}  visibility: publc\n`, 'invalid-value', 11, 'Did you mean `public`?'],
  ])('refuses %s', (_, text, rule, line, hint) => {
    const finding = read(text).findings[0];
    expect([finding?.rule, finding?.where.range?.line, finding?.hint]).toEqual([rule, line, hint]);
  });

  it('tells of a day that is none once', () => {
    const { findings } = read(
      good.replace(
        '{ name: pets }',
        '{ name: pets, ignore: [{ rule: upstream-tls, reason: soon, until: 31.12.2026 }] }',
      ),
    );
    expect(findings.map(({ message }) => message)).toEqual([
      '`Api.metadata.ignore.0.until` must be a day, as in 2027-01-31; it is "31.12.2026".',
    ]);
  });

  it.each([
    ['UTF-16', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'file-encoding'],
    ['invalid UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xc3, 0x28])]), 'file-encoding'],
    ['NUL', Buffer.from(`${good}\0`), 'file-encoding'],
    ['too many bytes', Buffer.concat([Buffer.from(good), Buffer.alloc(1_000_001, '#')]), 'file-too-large'],
  ])('refuses a file with %s', (_, bytes, rule) => {
    expect(readResourceFile('x.yaml', bytes).findings.map((finding) => finding.rule)).toEqual([rule]);
  });

  it('finds what is wrong in every document of a file', () => {
    const file = read(`${good}---\n${good.replace('route:', 'rout:')}---\na: [\n`);
    expect(file.resources).toHaveLength(1);
    expect(new Set(file.findings.map((finding) => finding.rule))).toEqual(
      new Set(['unknown-field', 'missing-field', 'yaml-syntax']),
    );
  });

  it('never takes a field of an object’s prototype for one of the language', () => {
    const { findings } = read(good.replace('  route:', '  toString: 1\n  constructor: 2\n  route:'));
    expect(findings.map((finding) => finding.where.field)).toEqual(['spec.toString', 'spec.constructor']);
  });
});
