import { describe, expect, it } from '@jest/globals';
import { foundBy } from '../../testing/compile.ts';
import { serversWith } from '../../testing/remote.ts';

const own = 'https://rules.example.com/house/spectral.yaml';
const wanted = (severity = 'warn') =>
  `rules: { described: { given: $.info, severity: ${severity}, then: { field: description, function: truthy } } }\n`;
const files = (extended = own) => ({
  'rules.yaml':
    'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  openapi: { rulesets: [./.spectral.yaml] }\n',
  '.spectral.yaml': `extends: ${extended}\n`,
});

describe('a ruleset of another server that a ruleset extends', () => {
  it('is refused where its host is not allowed, with the host and what to set', async () => {
    const [found, ...more] = await foundBy('ruleset-refused', files());
    expect(more).toEqual([]);
    expect(found).toMatchObject({ where: { file: '.spectral.yaml', range: { line: 1 } } });
    expect(found!.message).toContain('`rules.example.com` is not allowed');
    expect(found!.hint).toMatch(/GITWAY_REMOTE_REFS/);
  });

  it('is taken where it is, with what it extends itself, and read anew in each compile', async () => {
    const remote = serversWith({
      [own]: 'extends: [./base.yaml, spectral.yaml]\n',
      'https://rules.example.com/house/base.yaml': wanted(),
    });
    expect(await foundBy('spectral-described', files(), { remote })).toMatchObject([{ severity: 'warning' }]);
    expect(remote.asked).toEqual([own, 'https://rules.example.com/house/base.yaml']);
    const stricter = serversWith({ [own]: wanted('error') });
    expect(await foundBy('spectral-described', files(), { remote: stricter })).toMatchObject([{ severity: 'error' }]);
  });

  it.each([
    ['ruleset-refused', 'extends: https://other.example.com/r.yaml\n', '`other.example.com` is not allowed'],
    ['ruleset-refused', 'extends: ./none.yaml\n', 'none.yaml` cannot be had: it answered 404'],
    ['ruleset-refused', 'extends: file:///etc/rules.yaml\n', 'is neither a path nor an https URL'],
    ['ruleset-refused', 'extends: ./rules.js\n', 'a ruleset in JavaScript'],
    ['ruleset-invalid', '<html></html>', 'is not a Spectral ruleset'],
    ['ruleset-invalid', 'rules: {}\nrules: {}\n', 'https://rules.example.com/house/spectral.yaml`: '],
  ])('is refused as %s, at the name that led there: %s', async (rule, text, said) => {
    const [found, ...more] = await foundBy(rule, files(), { remote: serversWith({ [own]: text }) });
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'error', where: { file: '.spectral.yaml', range: { line: 1 } } });
    expect(found!.message).toContain(said);
  });

  it('shows no password', async () => {
    const [found] = await foundBy('ruleset-refused', files('https://me:s3cr3t-word@rules.example.com/r.yaml'));
    expect(found!.message).toBe('`https://…@rules.example.com/r.yaml` holds credentials.');
  });
});
