import { countFindings } from '@gitway/contracts';
import { describe, expect, it } from '@jest/globals';
import { compileWorkspace } from '../compile-workspace.ts';
import { renderers } from '../render/index.ts';
import {
  api,
  consumer,
  environment,
  openApi,
  permissiveDrivers,
  smallWorkspace,
  workspaceOf,
} from '../testing/workspace.ts';
import { detectSecrets } from './detect-secrets.ts';
import { maskSecrets } from './hide-secrets.ts';

/** None of these is real; put together here so that no scanner of this repository takes them for real ones. */
const join = (...parts: string[]) => parts.join('');
const github = join('gh', 'p_', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ1bC3dE5fG7');
const slack = join('xo', 'xb-', '123456789012-1234567890123-aBcDeFgHiJkLmNoPqRsTuVwX');
const pem = join('MIIEowIBAAKCAQEA', 'abcdEFGH12345678'.repeat(10));
const privateKey = join('-----BEGIN RSA ', `PRIVATE KEY-----\n${pem}\n-----END RSA PRIVATE KEY-----`);
const stripeKey = join('sk_', 'live_', 'aB3dE5gH7jK9mN1pQ3sT5vW7');
const apiKey = 'pk-live-7Hs93kQz81LmN2';

const files = {
  ...smallWorkspace(),
  'environments/staging.yaml': environment('staging', `  variables:\n    token: ${github}\n    ${github}: x\n`),
  'apis/pets.yaml': api('pets', `  lifecycle: ${slack}\n`).replace('http://pets', 'http://bob:hunter2pass@pets'),
  'consumers/acme.yaml': consumer('acme', apiKey),
  'broken.yaml': `apiVersion: gitway.dev/v1\nkind: Plan\nmetadata: { name: ${slack} }\nspec:\n  key: |\n${privateKey.replaceAll(/^/gm, '    ')}\n  rateLimit: [\n`,
  'apis/pets.openapi.yaml': `${openApi('Pets')}x-token: ${github}\nopenapi_: 1\n`,
};
const values = [github, slack, pem, apiKey, 'hunter2pass'];

describe('secrets in clear', () => {
  it.each(renderers.map((renderer) => [renderer.format, renderer] as const))(
    'are told by %s and not repeated, not even in part',
    async (_, renderer) => {
      const result = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
      const environments = result.environments.map((each) => ({
        ...each,
        outcome: 'rejected' as const,
        snapshot: null,
      }));
      const report = {
        refused: true,
        environments,
        findings: result.findings,
        suppressed: result.suppressed,
        counts: countFindings(result.findings),
        sources: (path: string) => (files as Record<string, string>)[path],
      };
      const text = renderer.render(report, { toolVersion: '1', rootUri: 'file:///r/' });
      expect(text).toContain('secret-in-clear');
      for (const value of values)
        for (let at = 0; at + 9 <= value.length; at += 3) {
          expect(text).not.toContain(value.slice(at, at + 9));
        }
    },
  );

  it('are findings at the very characters, and refuse', async () => {
    const result = await compileWorkspace(workspaceOf(files), { drivers: permissiveDrivers });
    const found = result.findings.filter(({ rule }) => rule === 'secret-in-clear');
    const line = (file: keyof typeof files, number: number) => files[file].split('\n')[number - 1]!;
    const said = found.map(({ where: { file, range }, message }) => {
      const text = line(file as keyof typeof files, range!.line);
      return [message, range!.endLine > range!.line ? '' : text.slice(range!.column - 1, range!.endColumn - 1)];
    });
    expect(said).toEqual([
      ['This is a password in a URL, in clear.', 'hunter2pass'],
      ['This is a token of Slack, in clear.', slack],
      ['This is a token of Slack, in clear.', slack],
      ['This is a private key, in clear.', ''],
      ['This is an API key where its SHA-256 belongs, in clear.', apiKey],
      ['This is a token of GitHub, in clear.', github],
      ['This is a token of GitHub, in clear.', github],
    ]);
    expect(result.environments.every(({ snapshot }) => snapshot === null)).toBe(true);
  });

  it('are only warned of in a document, which may hold examples', async () => {
    const { findings, environments } = await compileWorkspace(
      workspaceOf({ ...smallWorkspace(), 'apis/pets.openapi.yaml': `${openApi('Pets')}x-token: ${github}\n` }),
      { drivers: permissiveDrivers },
    );
    expect(findings.filter(({ rule }) => rule.startsWith('secret'))).toMatchObject([
      { rule: 'secret-in-document', severity: 'warning', where: { file: 'apis/pets.openapi.yaml' } },
    ]);
    expect(environments[0]!.snapshot).not.toBeNull();
  });

  it.each([
    ['sha256: my-key-of-acme', 'my-key-of-acme'],
    [`{ "sha256" : "${apiKey}" }`, apiKey],
    [`apiKeys:\n  - key: my-key-of-acme`, 'my-key-of-acme'],
    [`apiKeys: [{ value: "my-key-of-acme" }]`, 'my-key-of-acme'],
    [`"apiKeys": ["my-key-of-acme"]`, 'my-key-of-acme'],
    ['apiKeys:\n  - note: old\n    key: 9f8e7d6c5b4a39281706', '9f8e7d6c5b4a39281706'],
    [`owner: ${stripeKey}`, stripeKey],
    ['url: postgres://u:pa55word@db/x', 'pa55word'],
    ['Authorization: Bearer abcdef0123456789', 'abcdef0123456789'],
    ['set: { authorization: "Basic dXNlcjpwYXNzd29yZA==" }', 'dXNlcjpwYXNzd29yZA=='],
    ['- { name: Authorization, value: Bearer abcdef0123456789 }', 'abcdef0123456789'],
    ['x-api-key: 9f8e7d6c5b4a39281706', '9f8e7d6c5b4a39281706'],
    ['db_password: Tr0ub4dor3x', 'Tr0ub4dor3x'],
    ['"clientSecret": "a8f5f167f44f4964e6c998dee827110c"', 'a8f5f167f44f4964e6c998dee827110c'],
  ])('finds the one in %s', async (text, secret) => {
    const spans = await detectSecrets(text, 'resources');
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual([secret]);
  });

  it.each([
    `sha256: ${'0123456789abcdef'.repeat(4)}`,
    `sha256: ${'0123456789abcdef'.repeat(4).slice(1)}`,
    'sha256: ${keyHash}',
    `apiKeys:\n  - sha256: ${'0123456789abcdef'.repeat(4)}\n    expires: 2027-01-31`,
    `apiKeys:\n  - expires: 2027-01-31\n    sha256: ${'0123456789abcdef'.repeat(4)}`,
    'apiKeys: []\nplans: [standard-2]',
    'key: certificates/edge-2.pem',
    'key: tier',
    'Authorization: Bearer ${token}',
    'Authorization: Bearer <token>',
    'header: x-api-key',
    'x-api-key: ${key}',
    'secret: slack-webhook-2',
    'secretRef: env:SLACK_TOKEN_1',
    'token: /run/secrets/token1',
    'password: ${dbPassword1}',
    'jwksUri: https://id.example.com/keys?token=1',
    'hint: tokens are 16 letters',
    'tokenUrl: https://id.example.com/oauth2/token',
    'url: http://petstore.internal:8080',
  ])('lets %s pass', async (text) => {
    expect(await detectSecrets(text, 'resources')).toEqual([]);
  });

  it('takes no notice of a secret in what it masks but its place', () => {
    const where = { file: 'a', range: { line: 2, column: 3, endLine: 3, endColumn: 3 } };
    const text = 'one\r\nab1234\r\nxy and\r\n';
    const found = { rule: 'secret-in-clear', severity: 'error' as const, where, message: '' };
    expect(maskSecrets('a', text, [found])).toBe('one\r\nab••••\r\n•• and\r\n');
    expect(maskSecrets('b', text, [found])).toBe(text);
  });

  it('opens no file, whatever a text says, and is quick with what was made to be slow', async () => {
    const hostile = [
      '-----BEGIN RSA PRIVATE KEY-----\n'.repeat(20_000),
      `password: ${'a1'.repeat(400_000)}`,
      'http://'.repeat(100_000),
      `a://${':'.repeat(300_000)}`,
      'authorization: '.repeat(50_000),
      `sha256:${' '.repeat(500_000)}`,
      `AKIA${'A'.repeat(500_000)}`,
      '/etc/passwd file:///etc/passwd key.p12',
    ];
    for (const text of hostile) await detectSecrets(text, 'resources');
  });
});
