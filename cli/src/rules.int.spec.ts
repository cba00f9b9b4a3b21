import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { runCli } from './testing/run-cli.ts';

const temp = tempDir();
let folder: string;
beforeEach(() => {
  folder = join(temp.path(), 'rules');
  mkdirSync(folder, { recursive: true });
});

const ruleSet = (rule: string) => {
  const head = 'apiVersion: gitway.dev/v1\nkind: RuleSet\nmetadata: { name: house }\nspec:\n  guardrails:\n';
  writeFileSync(join(folder, 'rules.yaml'), `${head}${rule}`);
};
const rule = (examples: string, expression = 'size(api.plans) > 0') => `    - id: named-plans
      appliesTo: { kind: Api, visibility: [public] }
      expression: ${expression}
      message: Api \${api.name} names no plan.
${examples}`;
const test = (...args: string[]) => runCli(['rules', 'test', ...args], { cwd: folder });

describe('gitway rules test', () => {
  it('holds rules to their examples', async () => {
    ruleSet(
      rule(`      examples:
        pass: [{ api: { visibility: public, plans: [free] } }]
        fail: [{ api: { visibility: public } }]
`),
    );
    const result = await test();
    expect(result.out).toBe('✔ named-plans pass 1\n✔ named-plans fail 1\n✔ good  (2 of 2 examples hold)\n');
    expect(result.exitCode).toBe(0);
  });

  it('says which example does not hold, where it stands and what the rule said', async () => {
    ruleSet(
      rule(`      examples:
        pass:
          - api: { visibility: public }
          - api: { visiblity: public }
        fail:
          - api: { visibility: public, plans: [free] }
          - api: { visibility: internal }
`),
    );
    const result = await test();
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('✘ named-plans pass 1  rules.yaml:12\n');
    expect(result.out).toContain('it should find nothing; it says: Api pets names no plan.');
    expect(result.out).toContain('`visiblity` is not a field of Api. Did you mean `visibility`?');
    expect(result.out).toContain('it should find something; it finds nothing');
    expect(result.out).toContain('The rule does not look at this api: its appliesTo chooses by visibility.');
    expect(result.out).toContain('✘ failed  (0 of 4 examples hold)');
    const json = JSON.parse((await test('.', '--json')).out) as { good: boolean; examples: { ok: boolean }[] };
    expect([json.good, json.examples.map(({ ok }) => ok)]).toEqual([false, [false, false, false, false]]);
  });

  it('shows what is wrong with a rule, with a caret', async () => {
    ruleSet(rule('', 'size(api.plan) > 0'));
    const result = await test();
    expect(result.exitCode).toBe(1);
    expect(result.out).toContain('error guardrail-expression rules.yaml:8:28');
    expect(result.out).toMatch(/\n.*expression: size\(api\.plan\) > 0\n *│? *\^{4}\n/);
    expect(result.out).toContain('Did you mean `plans`?');
  });

  it('points out a rule that nothing shows to find anything', async () => {
    ruleSet(rule(''));
    const result = await test();
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.out).toContain('! named-plans: no example that it must find');
  });

  it('has nothing to do in a folder without rules', async () => {
    const empty = join(temp.path(), 'empty');
    mkdirSync(empty, { recursive: true });
    expect(await test(empty)).toMatchObject({ exitCode: 2, out: '' });
    expect((await test(join(temp.path(), 'nowhere'))).exitCode).toBe(2);
  });
});

describe('gitway rules list and explain', () => {
  it('lists the starter library, of one kind as well', async () => {
    const all = await runCli(['rules', 'list']);
    expect(all).toMatchObject({ exitCode: 0 });
    expect(all.out).toMatch(/\nupstream-tls +Api +warning /);
    const { items } = JSON.parse((await runCli(['rules', 'list', '--kind', 'Plan', '--json'])).out) as {
      items: { kind: string }[];
    };
    expect(items.length).toBeGreaterThan(2);
    expect(new Set(items.map(({ kind }) => kind))).toEqual(new Set(['Plan']));
    expect((await runCli(['rules', 'list', '--kind', 'Route'])).exitCode).toBe(2);
  });

  it('explains a rule, or says which one was meant', async () => {
    const page = await runCli(['rules', 'explain', 'upstream-tls']);
    expect(page.exitCode).toBe(0);
    expect(page.out).toMatch(/^# upstream-tls\n/);
    expect(JSON.parse((await runCli(['rules', 'explain', 'upstream-tls', '--json'])).out)).toMatchObject({
      id: 'upstream-tls',
      severity: 'warning',
    });
    const wrong = await runCli(['rules', 'explain', 'upstream-tsl']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.err).toContain('Did you mean upstream-tls?');
  });

  it.each(['list', 'explain', 'test'])('%s has examples in its help', async (command) => {
    expect((await runCli(['rules', command, '--help'])).out).toMatch(/Examples:\n {2}\$ gitway rules/);
  });
});
