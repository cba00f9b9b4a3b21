import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { compileGuardrail, isGuardrail } from '../compile-guardrail.ts';
import type { Guardrail } from '../guardrail.ts';
import { guardrailPages } from '../pages.ts';
import { tryExample } from '../try-example.ts';
import { starterRules, type StarterRule } from './index.ts';

function compiled(rule: StarterRule): Guardrail {
  const guardrail = compileGuardrail(rule);
  expect(guardrail).not.toBeInstanceOf(Array);
  if (!isGuardrail(guardrail)) throw new Error(guardrail.map(({ message }) => message).join());
  return guardrail;
}

describe('the starter library', () => {
  it('has one rule per file, each id once', () => {
    const files = readdirSync(new URL('.', import.meta.url))
      .filter((name) => !/^(index|starter-rule|.*\.spec)\.ts$/.test(name))
      .map((name) => name.replace(/\.ts$/, ''));
    expect(starterRules.map(({ id }) => id).sort()).toEqual(files.sort());
    expect(files.length).toBeGreaterThanOrEqual(30);
    for (const { id } of starterRules) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it.each(starterRules.map((rule) => [rule.id, rule] as const))('%s: good examples pass', (_, rule) => {
    const guardrail = compiled(rule);
    expect(rule.examples.pass.length).toBeGreaterThan(0);
    for (const example of rule.examples.pass) expect(tryExample(guardrail, example)).toEqual({ outcome: 'passed' });
  });

  it.each(starterRules.map((rule) => [rule.id, rule] as const))('%s: bad examples are found', (_, rule) => {
    const guardrail = compiled(rule);
    expect(rule.examples.fail.length).toBeGreaterThan(0);
    for (const example of rule.examples.fail) {
      const outcome = tryExample(guardrail, example);
      expect(outcome).toEqual({ outcome: 'failed', message: expect.stringMatching(/^[A-Z].*\.$/s) });
      expect('message' in outcome ? outcome.message : '').not.toContain('${');
    }
  });

  it('docs/guardrails is what the code says (node libs/guardrails/dist/tools/write-pages.js)', () => {
    const folder = new URL('../../../../docs/guardrails/', import.meta.url);
    const shipped = new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]));
    expect(shipped).toEqual(guardrailPages());
  });
});
