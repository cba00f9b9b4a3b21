import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { MemoryCache } from '../memory-cache.ts';
import { foundBy } from '../testing/compile.ts';
import { serversWith } from '../testing/remote.ts';
import { openApi, permissiveDrivers, smallWorkspace, workspaceOf } from '../testing/workspace.ts';
import type { CompileOptions, LastingCache } from '../workspace.ts';

const pets = 'apis/pets.openapi.yaml';
const schemas = 'https://schemas.example.com/v1/pets.yaml';
const respondsWith = (reference: string) =>
  openApi(
    'Pets',
    `  /pets:\n    get:\n      operationId: listPets\n      responses: { '200': { $ref: '${reference}' } }\n`,
  );
const compile = (document: string, options: Partial<CompileOptions> = {}) =>
  compileWorkspace(workspaceOf({ ...smallWorkspace(), [pets]: document }), { drivers: permissiveDrivers, ...options });
const digestIn = (result: Awaited<ReturnType<typeof compile>>) => result.environments[0]!.digest;

describe('a $ref to another server', () => {
  it('is refused where no host is allowed, with the host and what to set', async () => {
    const [found, ...more] = await foundBy('openapi-ref', { [pets]: respondsWith(`${schemas}#/ok`) });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', where: { file: pets, range: { line: 7 } } });
    expect(found!.message).toBe(
      '`https://schemas.example.com/v1/pets.yaml` is on another server, and `schemas.example.com` is not allowed.',
    );
    expect(found!.hint).toMatch(/GITWAY_REMOTE_REFS.*--allow-remote-ref/);
  });

  it('is followed where its host is allowed, and on from there, also back and round', async () => {
    const remote = serversWith({
      [schemas]: "ok: { $ref: './more/pets.yaml#/ok' }\nname: { type: string }\n",
      'https://schemas.example.com/v1/more/pets.yaml':
        "ok:\n  description: ok\n  content: { application/json: { schema: { $ref: '#/pet' } } }\npet:\n  type: object\n  properties: { name: { $ref: '../pets.yaml#/name' }, young: { $ref: '#/pet' } }\n",
    });
    const result = await compile(respondsWith(`${schemas}#/ok`), { remote });
    expect(result.findings).toEqual([]);
    expect(digestIn(result)).not.toBeNull();
    expect([...result.documents.values()][0]!.files.map(({ path }) => path)).toEqual([
      pets,
      'https://schemas.example.com/v1/more/pets.yaml',
      schemas,
    ]);
    expect(remote.asked).toEqual([schemas, 'https://schemas.example.com/v1/more/pets.yaml']);
  });

  it.each([
    ['ok: { $ref: "https://other.example.com/x.yaml" }', 'other.example.com` is not allowed'],
    ['ok: { $ref: "./none.yaml" }', 'https://schemas.example.com/v1/none.yaml` cannot be had: it answered 404'],
    ['ok: { $ref: "file:///etc/passwd" }', 'file:///etc/passwd` is neither a path nor an https URL'],
    ['ok: { $ref: "#/ok" }', 'leads to other `$ref`s only'],
    ['ok: { description: 1 }', '`https://schemas.example.com/v1/pets.yaml:1:20`'],
    ['a: b: c', 'https://schemas.example.com/v1/pets.yaml`'],
  ])('tells what is wrong in %s at the $ref that led there', async (text, said) => {
    const { findings } = await compile(respondsWith(`${schemas}#/ok`), { remote: serversWith({ [schemas]: text }) });
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.every(({ where }) => where.file === pets && where.range?.line === 7)).toBe(true);
    expect(errors.map(({ message }) => message).join('\n')).toContain(said);
  });

  it('does not let the other server suppress, but the repository', async () => {
    const remote = serversWith({
      [schemas]:
        'ok:\n  description: ok\n  odd: 1\n  x-gitway-ignore: { rule: openapi-unexpected-property, reason: ours, until: 2027-01-31 }\n',
    });
    const document = respondsWith(`${schemas}#/ok`);
    const now = new Date('2026-11-01');
    const ruleIn = async (text: string) => (await compile(text, { remote, now })).findings.map(({ rule }) => rule);
    expect(await ruleIn(document)).toEqual(['openapi-unexpected-property']);
    const ignoring = document.replace(
      '      operationId',
      '      x-gitway-ignore: [{ rule: openapi-unexpected-property, reason: theirs, until: 2027-01-31 }]\n      operationId',
    );
    expect(await ruleIn(ignoring)).toEqual([]);
  });

  it('never shows a password, nor takes it along', async () => {
    const [found] = await foundBy(
      'openapi-ref',
      { [pets]: respondsWith('https://user:s3cr3t-word@schemas.example.com/x.yaml') },
      { remote: serversWith({ [schemas]: '' }) },
    );
    expect(found!.message).toBe('`https://…@schemas.example.com/x.yaml` holds credentials.');
  });

  it('is warned of where there is a secret behind it, which is shown nowhere, and hides nothing else', async () => {
    const key = ['gh', 'p_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ1bC3dE5fG7'].join('');
    const remote = serversWith({ [schemas]: `ok: { description: ${key}, ${key}: odd }\n` });
    const { findings } = await compile(respondsWith(`${schemas}#/ok`), { remote });
    expect(findings.map(({ rule }) => rule)).toContain('secret-in-document');
    const told = JSON.stringify(findings);
    expect(told).not.toContain(key);
    expect(told).toContain(schemas);
  });

  it('is followed from Swagger 2.0 as well', async () => {
    const swagger = `swagger: '2.0'\ninfo: { title: Pets, version: '1' }\npaths:\n  /pets:\n    get:\n      operationId: listPets\n      responses: { '200': { description: ok, schema: { $ref: '${schemas}#/definitions/Pet' } } }\n`;
    const remote = serversWith({ [schemas]: 'definitions: { Pet: { type: object } }\n' });
    const { findings } = await compile(swagger, { remote });
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });
});

describe('what another server said', () => {
  it('is asked once in a compile, again in the next, and decides the digest', async () => {
    const cache = new MemoryCache();
    const kept = new Map<string, unknown>();
    const lasting: LastingCache = {
      load: (keys) => Promise.resolve(new Map(keys.flatMap((key) => (kept.has(key) ? [[key, kept.get(key)]] : [])))),
      save: (entries) => entries.forEach((value, key) => kept.set(key, value)),
    };
    const document = respondsWith(`${schemas}#/ok`);
    const says = async (description: string) => {
      const remote = serversWith({ [schemas]: `ok: { description: ${description} }\n` });
      const result = await compile(document, { remote, cache, lasting });
      expect(remote.asked).toEqual([schemas]);
      return digestIn(result);
    };
    const first = await says('one');
    expect(await says('two')).not.toBe(first);
    expect(await says('one')).toBe(first);
    expect(digestIn(await compile(document, { cache, lasting }))).toBeNull();
    expect(await says('one')).toBe(first);
  });
});
