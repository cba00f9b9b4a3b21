import { describe, expect, it } from '@jest/globals';
import { MemoryCache, nothingLasts } from '../memory-cache.ts';
import { openApi, workspaceOf } from '../testing/workspace.ts';
import { RemoteCopies } from './remote-files.ts';
import { readDocuments, readHere } from './read-documents.ts';

async function read(files: Record<string, string | Uint8Array>, path = Object.keys(files)[0]!) {
  const reader = workspaceOf(files);
  const entries = new Map((await reader.list()).map((entry) => [entry.path, entry]));
  const breathe = () => Promise.resolve();
  const means = {
    entries,
    reader,
    cache: new MemoryCache(),
    lasting: nothingLasts,
    documents: readHere,
    breathe,
    remote: new RemoteCopies(undefined),
  };
  return (await readDocuments(new Map([['it', { path, settings: {} }]]), means)).get('it')!;
}
const ok = "responses: { '200': { description: ok } }";

describe('references that lead back to themselves', () => {
  it('are refused where they stand, and no compiler is thrown off by them', async () => {
    const paths = `  /a: { $ref: '#/paths/~1b' }\n  /b: { $ref: '#/paths/~1a' }\n`;
    const { model, findings } = await read({ 'x.yaml': openApi('X', paths) });
    expect(model).toBeNull();
    expect(findings.map(({ rule, where }) => [rule, where.range?.line])).toEqual([
      ['openapi-ref', 4],
      ['openapi-ref', 5],
    ]);
  });

  it('are refused over several files as well', async () => {
    const { model, findings } = await read({
      'x.yaml': openApi('X', `  /a: { $ref: './y.yaml#/b' }\n`),
      'y.yaml': `a: { $ref: './x.yaml#/paths/~1a' }\nb: { $ref: './y.yaml#/a' }\n`,
    });
    expect(model).toBeNull();
    expect(findings.some(({ severity, where }) => severity === 'error' && where.file !== undefined)).toBe(true);
  });

  it('are not schemas that contain themselves', async () => {
    const schema = `components: { schemas: { Tree: { type: object, properties: { child: { $ref: '#/components/schemas/Tree' } } } } }\n`;
    const { findings } = await read({ 'x.yaml': openApi('X', `  /a:\n    get: { operationId: a, ${ok} }\n`) + schema });
    expect(findings).toEqual([]);
  });
});

describe('readDocument', () => {
  it('gives operations sorted by path and method, with ids', async () => {
    const paths = `  /b:\n    post: { operationId: b, ${ok} }\n    get: { ${ok} }\n  /a:\n    get: { operationId: b, ${ok} }\n`;
    const { model, findings } = await read({ 'x.yaml': openApi('X', paths) });
    expect(model?.operations).toEqual([
      { id: 'b', method: 'GET', path: '/a' },
      { id: 'get /b', method: 'GET', path: '/b' },
      { id: 'post /b', method: 'POST', path: '/b' },
    ]);
    expect(findings.map((finding) => finding.rule).sort()).toEqual([
      'openapi-duplicate-operation-id',
      'openapi-operation-id',
    ]);
    expect(findings.find((finding) => finding.rule === 'openapi-duplicate-operation-id')?.where.range).toMatchObject({
      line: 5,
      column: 26,
    });
  });

  it('takes paths that differ by query or fragment for one', async () => {
    const paths = `  /a:\n    get: { operationId: a, ${ok} }\n  /a?x=1:\n    get: { operationId: b, ${ok} }\n  /#Action=C:\n    get: { operationId: c, ${ok} }\n`;
    const { model } = await read({ 'x.yaml': openApi('X', paths) });
    expect(model?.operations).toEqual([
      { id: 'c', method: 'GET', path: '/' },
      { id: 'a', method: 'GET', path: '/a' },
    ]);
  });

  it.each(['3.0.0', '3.0.3', '3.1.0', '3.2.0'])('reads OpenAPI %s in JSON', async (version) => {
    const document = {
      openapi: version,
      info: { title: 'X', version: '1' },
      paths: { '/a': { get: { operationId: 'a', responses: { 200: { description: 'ok' } } } } },
    };
    expect(await read({ 'x.json': JSON.stringify(document) })).toMatchObject({
      model: { operations: [{ id: 'a' }] },
      findings: [],
    });
  });

  it('reads Swagger 2.0 with a note', async () => {
    const { model, findings } = await read({
      'x.yaml': `swagger: '2.0'\ninfo: { title: X, version: '1' }\npaths: { /a: { get: { operationId: a, ${ok} } } }\n`,
    });
    expect(model?.operations).toHaveLength(1);
    expect(findings).toMatchObject([
      { rule: 'openapi-version', severity: 'info', where: { range: { line: 1, column: 10 } } },
    ]);
  });

  it('follows references within the repository, in circles too, and is made from all of them', async () => {
    const files = {
      'api/x.yaml': openApi('X', "  /a: { $ref: '../shared/..paths.yaml#/a' }\n"),
      'shared/..paths.yaml': `a: { get: { operationId: a, responses: { '200': { $ref: './r.yaml' } } } }\n`,
      'shared/r.yaml':
        "description: ok\ncontent: { application/json: { schema: { properties: { self: { $ref: './r.yaml#/content/application~1json/schema' } } } } }\n",
    };
    const reading = await read(files);
    expect(reading.findings).toEqual([]);
    expect(reading.model?.operations).toEqual([{ id: 'a', method: 'GET', path: '/a' }]);
    expect(reading.others).toEqual(['shared/..paths.yaml', 'shared/r.yaml']);
  });

  it.each([
    ['another server', 'http://169.254.169.254/latest/meta-data', 'openapi-ref'],
    ['another server, without a scheme', '//example.com/x.yaml', 'openapi-ref'],
    ['a file URL', 'file:///etc/passwd', 'openapi-ref'],
    ['an absolute path', '/proc/self/environ', 'openapi-ref'],
    ['a way out', '../../../etc/passwd', 'openapi-ref'],
    ['an encoded way out', '%2e%2e/%2e%2e/etc/passwd', 'openapi-ref'],
    ['a symbolic link', './link.yaml', 'symlink'],
    ['nothing', './gone.yaml', 'missing-file'],
  ])('refuses a reference to %s', async (_, reference, rule) => {
    const files = { 'api/x.yaml': openApi('X', `  /a: { $ref: '${reference}' }\n`), 'api/link.yaml': '-> /etc/passwd' };
    const { model, findings } = await read(files);
    expect(model).toBeNull();
    expect(findings).toMatchObject([{ rule, severity: 'error', where: { file: 'api/x.yaml', range: { line: 4 } } }]);
  });

  it.each([
    ['deep JSON', 'x.json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['deep YAML', 'x.yaml', '['.repeat(100_000)],
    [
      'a billion laughs',
      'x.yaml',
      [
        'a: &a [x,x,x,x,x,x,x,x,x]',
        ...'bcdefghij'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`),
      ].join('\n'),
    ],
    ['an alias of itself', 'x.yaml', 'a: &a { b: *a }\n'],
  ])('refuses %s in bounded time', async (_, path, text) => {
    const { model, findings } = await read({ [path]: text });
    expect(model).toBeNull();
    expect(['document-too-complex', 'openapi-syntax']).toContain(findings[0]?.rule);
  });

  it.each([
    ['x.json', '{"openapi": "3.0.3",\n  "info": }', 2, 11],
    ['x.json', '{"openapi": "3.0.3",', 1, 21],
    ['x.json', '{"a": [1, 2,]}', 1, 13],
    ['x.json', '{"a": "b\\x"}', 1, 7],
    ['x.json', '{"a": {"b": 1} "c": 2}', 1, 16],
    ['x.yaml', 'openapi: 3.0.3\ninfo: { title: X\npaths: {}\n', 3, 1],
  ])('says where %s stops being readable: %j', async (path, text, line, column) => {
    const { findings } = await read({ [path]: text });
    expect(findings).toMatchObject([{ rule: 'openapi-syntax', where: { file: path, range: { line, column } } }]);
  });

  it('bounds the findings of one rule', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => `  /p${index}: { get: { ${ok} } }\n`).join('');
    const { findings } = await read({ 'x.yaml': openApi('X', paths) });
    expect(findings).toHaveLength(20);
    expect(findings.at(-1)?.message).toContain('30 more like it');
  });
});

describe('what a gateway serves well all the same', () => {
  const get = (extra: string) => openApi('X', `  /a:\n    get: { operationId: a, ${ok}${extra} }\n`);

  it('extensions hold what their authors like; names that only begin like one are no extensions', async () => {
    const extension = await read({ 'x.yaml': `${get('')}x-webhooks: { x-hidden: true }\n` });
    expect(extension.model?.operations).toHaveLength(1);
    expect(extension.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    const name = await read({ 'x.yaml': `${get('')}components: { schemas: { x-a: { type: 7 } } }\n` });
    expect(name.findings.map(({ rule, severity }) => [rule, severity])).toContainEqual(['openapi-structure', 'error']);
  });

  it('a discriminator that maps to nothing is a warning, a `$ref` to nothing is refused', async () => {
    const schemas = (member: string) =>
      `components: { schemas: { Pet: { type: object, ${member} }, Cat: { type: object } } }\n`;
    const mapping = 'discriminator: { propertyName: kind, mapping: { cat: ./gone.yaml } }';
    const mapped = await read({ 'x.yaml': get('') + schemas(mapping) });
    expect(mapped.model?.operations).toHaveLength(1);
    expect(mapped.findings.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['openapi-unresolved-ref', 'warning'],
    ]);
    const dangling = schemas("properties: { cat: { $ref: '#/components/schemas/Dog' } }");
    expect((await read({ 'x.yaml': get('') + dangling })).model).toBeNull();
  });

  it('a `$ref` to nothing is named', async () => {
    const paths = `  /a: { get: { operationId: a, responses: { '200': { $ref: '#/components/responses/Gone' } } } }\n`;
    const { findings } = await read({ 'x.yaml': openApi('X', paths) });
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['openapi-unresolved-ref', "Can't resolve $ref `#/components/responses/Gone`."],
    ]);
  });

  it('an example that lies elsewhere is named and not fetched', async () => {
    const external =
      "responses: { '200': { description: ok, content: { application/json: { examples: { a: { externalValue: 'https://example.com/a.json' } } } } } }";
    const text = openApi('X', `  /a:\n    get: { operationId: a, ${external} }\n`);
    expect(await read({ 'x.yaml': text })).toMatchObject({ model: { operations: [{ id: 'a' }] }, findings: [] });
  });
});
