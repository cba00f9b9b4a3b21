import { afterEach, describe, expect, it } from '@jest/globals';
import {
  compileInTime,
  deep,
  expectAccepted,
  expectNothingPolluted,
  expectRefused,
  laughs,
  many,
} from './testing/hostile.ts';
import { api, consumer, environment, openApi, plan, policy } from './testing/workspace.ts';

afterEach(expectNothingPolluted);

describe('files that mean harm', () => {
  it.each<[string, string, string | Uint8Array, string]>([
    ['NUL', 'x.yaml', 'a: \u0000', 'unreadable-file'],
    ['UTF-16', 'x.yaml', Buffer.from('\uFEFFa: 1', 'utf16le'), 'unreadable-file'],
    ['UTF-16 without a mark', 'x.yaml', Buffer.from('a: 1\n', 'utf16le'), 'unreadable-file'],
    ['what is no UTF-8', 'x.yaml', Buffer.from([0x61, 0xff, 0xfe]), 'unreadable-file'],
    ['resources with NUL', 'x.yaml', `${plan('free')}# \u0000\n`, 'file-encoding'],
    ['a line end in its name', 'a\nb.yaml', 'kind: [', 'unreadable-file'],
    ['deep resources', 'x.yaml', `${plan('free')}x: ${deep('[', ']')}`, 'document-too-complex'],
    ['deep JSON resources', 'x.json', `{"apiVersion":"gitway.dev/v1","a":${deep('[', ']')}}`, 'document-too-complex'],
    ['deep YAML that is nobody’s', 'x.yaml', `a: ${deep('[', ']')}`, 'unreadable-file'],
    ['laughter', 'x.yaml', `${plan('free')}${laughs}\n`, 'document-too-complex'],
    ['a name of 1 MB', 'x.yaml', plan('a'.repeat(900_000)), 'invalid-value'],
    ['a kind of 1 MB', 'x.yaml', plan('free').replace('Plan', 'P'.repeat(900_000)), 'unknown-kind'],
    [
      '60,000 fields',
      'x.yaml',
      `${plan('free')}x: {${many(60_000, (index) => `f${index}: 1`).join(', ')}}\n`,
      'document-too-complex',
    ],
    [
      '100,000 resources',
      'x.yaml',
      many(100_000, (index) => `apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: p${index} }\n`).join('---\n'),
      'file-too-large',
    ],
    ['100,000 documents', 'x.yaml', `# gitway.dev/v1\n${'---\na\n'.repeat(100_000)}`, 'document-too-complex'],
    [
      'a label called __proto__',
      'x.yaml',
      plan('free').replace('name: free', 'name: free\n  labels: { __proto__: a }'),
      'yaml-unsupported',
    ],
    [
      'a label called __proto__ in JSON',
      'x.json',
      '{"apiVersion":"gitway.dev/v1","kind":"Plan","metadata":{"name":"a","labels":{"__proto__":"b"}},"spec":{}}',
      'yaml-unsupported',
    ],
  ])('%s: refused in bounded time', async (_, path, content, rule) => {
    await expectRefused({ [path]: content }, rule, path);
  });

  it('names that differ by case or by normalisation are different files', async () => {
    await expectAccepted({
      'apis/pets.yaml': api('pets').replace('./pets.openapi', './caf\u00e9'),
      'apis/caf\u00e9.yaml': openApi('Composed'),
      'apis/cafe\u0301.yaml': 'kind: other\n',
      'apis/CAF\u00c9.yaml': 'kind: other\n',
    });
    await expectRefused(
      {
        'apis/pets.yaml': api('pets').replace('./pets.openapi', './caf\u00e9'),
        'apis/cafe\u0301.yaml': openApi('Decomposed'),
      },
      'missing-file',
      'apis/pets.yaml',
    );
  });

  it('a name may begin with dots', async () => {
    await expectAccepted({
      'apis/pets.yaml': api('pets').replace('./pets.openapi.yaml', './..pets.yaml'),
      'apis/..pets.yaml': openApi('Pets'),
    });
  });

  it('names that all objects have are names like any other', async () => {
    const { units } = await expectAccepted({
      'plan.yaml': plan('constructor'),
      'policy.yaml': policy('constructor', '  selector: { labels: { constructor: a } }\n  timeout: { request: 7s }\n'),
      'consumer.yaml': consumer('constructor', 'a'.repeat(64)),
      'apis/pets.yaml': api('pets', '  plans: [constructor]\n').replace('tier: public', 'constructor: a'),
      'environments/staging.yaml': environment('staging', '  variables: { constructor: x }\n'),
    });
    const [pets] = [...units.values()].filter((unit) => unit.kind === 'api');
    expect(pets).toMatchObject({ plans: ['constructor'], policy: { timeouts: { requestMs: 7_000 } } });
    await expectRefused(
      { 'apis/pets.yaml': api('pets', '  plans: [tostring]\n') },
      'unknown-reference',
      'apis/pets.yaml',
    );
    await expectRefused(
      { 'apis/pets.yaml': api('pets').replace('http://pets', 'http://${constructor}') },
      'unknown-variable',
      'apis/pets.yaml',
    );
  });
});

describe('workspaces that mean harm', () => {
  it('patches that name members of all objects change nothing that they should not', async () => {
    const patch =
      '  patches: [{ target: { kind: Api }, merge: { spec: { constructor: { prototype: { polluted: 1 } } } } }]\n';
    await expectRefused(
      { 'environments/staging.yaml': environment('staging', patch) },
      'unknown-field',
      'environments/staging.yaml',
    );
  });

  it('500 patches of 300 APIs are bounded', async () => {
    const patch = '    - { target: { kind: Api }, merge: { spec: { policy: { timeout: { request: 3s } } } } }\n';
    const apis = many(300, (index) => api(`a${index}`).replace(`./a${index}.`, './apis/pets.'));
    await expectAccepted({
      'apis.yaml': apis.join('---\n'),
      'environments/staging.yaml': environment('staging', `  patches:\n${patch.repeat(500)}`),
    });
  });

  it('variables that fill up strings are bounded', async () => {
    const items = Array(10_000).fill("'${a}${a}${a}${a}'").join(',');
    const patches = `  variables: { a: ${'x'.repeat(2_000)} }\n  patches: [{ target: { kind: Api }, merge: { spec: { x: [${items}] } } }]\n`;
    await expectRefused(
      { 'environments/staging.yaml': environment('staging', patches) },
      'unknown-field',
      'environments/staging.yaml',
    );
  });

  it('5,000 environments are compiled in bounded time', async () => {
    const files = Object.fromEntries(
      many(10, (file) => [`e${file}.yaml`, many(500, (index) => environment(`e${file}-${index}`)).join('---\n')]),
    );
    const { environments } = await compileInTime(files);
    expect(environments).toHaveLength(5_001);
    expect(environments.every(({ digest }) => digest !== null)).toBe(true);
  });

  it('20,000 files are looked at, and more than 50,000 are refused with what to do', async () => {
    await expectAccepted(Object.fromEntries(many(19_990, (index) => [`data/${index}.yaml`, 'a: 1'])));
    const { findings } = await compileInTime(
      Object.fromEntries(many(50_001, (index) => [`data/${index}.yaml`, 'a: 1'])),
    );
    expect(findings.find(({ rule }) => rule === 'workspace-too-large')?.hint).toContain('.gitwayignore');
  });

  it('folders may be 10,000 deep', async () => {
    await expectAccepted({ [`${'d/'.repeat(10_000)}x.yaml`]: 'a: 1' });
  });
});
