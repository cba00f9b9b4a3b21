import type { Unit } from '@gitway/contracts';
import { describe, expect, it } from '@jest/globals';
import { evaluateGuardrails } from './evaluate-guardrails.ts';
import { guardrailLimits } from './language/limits.ts';
import { ruleOf, scope, unitsOf } from './testing/rule.ts';

const found = (expression: string, units: Unit[] = unitsOf({}), more = {}) =>
  evaluateGuardrails([ruleOf(expression, more)], units, scope);

describe('evaluateGuardrails', () => {
  it('makes a finding of what is false, with its message filled in', () => {
    const rule = ruleOf('size(api.plans) > 0', {
      message: 'Api ${api.name} has ${size(api.plans)} plans; others: ${apis.map(a, a.name)}.',
      hint: 'Name one.',
      field: 'plans',
      severity: 'error',
    });
    expect(evaluateGuardrails([rule], unitsOf({ apis: [{ name: 'cats', plans: ['free'] }] }), scope)).toEqual([
      {
        rule: 'own-rule',
        severity: 'error',
        where: { object: 'Api/pets', field: 'plans' },
        message: 'Api pets has 0 plans; others: cats, pets.',
        hint: 'Name one.',
      },
    ]);
  });

  it('looks only at what it applies to', () => {
    const units = unitsOf({ api: { visibility: 'public', labels: { tier: 'gold' }, lifecycle: 'deprecated' } });
    const count = (appliesTo: object) => found('false', units, { appliesTo: { kind: 'Api', ...appliesTo } }).length;
    expect(count({})).toBe(1);
    expect(count({ visibility: ['internal'] })).toBe(0);
    expect(count({ visibility: ['internal', 'public'] })).toBe(1);
    expect(count({ lifecycle: ['active'] })).toBe(0);
    expect(count({ labels: { tier: 'gold' } })).toBe(1);
    expect(count({ labels: { tier: 'silver' } })).toBe(0);
    expect(count({ labels: { constructor: 'x' } })).toBe(0);
    expect(count({ environments: ['staging'] })).toBe(0);
    expect(count({ environments: ['staging', 'production'] })).toBe(1);
  });

  it('reports an optional field that is not there, instead of guessing', () => {
    expect(found('api.policy.auth.query == "k"')).toEqual([
      expect.objectContaining({
        rule: 'guardrail-failed',
        severity: 'warning',
        message: 'Guardrail `own-rule` could not be evaluated: No such key: query.',
      }),
    ]);
    expect(found('!has(api.policy.auth.query) || api.policy.auth.query == "k"')).toEqual([]);
    expect(found('api.labels["team"] == "a"')[0]!.rule).toBe('guardrail-failed');
    expect(found('api.labels.__proto__ == "a"')[0]!.rule).toBe('guardrail-failed');
    expect(found('"constructor" in api.labels')[0]!.rule).toBe('own-rule');
  });

  it('knows the time that it is given', () => {
    expect(found('now == timestamp("2026-01-01T00:00:00Z")')).toEqual([]);
    expect(found('now.getFullYear() == 2026 && now > timestamp("2025-12-31T00:00:00Z")')).toEqual([]);
    const rule = ruleOf('now < timestamp("2026-06-01T00:00:00Z")');
    const units = unitsOf({});
    expect(evaluateGuardrails([rule], units, scope)).toEqual([]);
    const later = { ...scope, now: new Date('2026-07-01T00:00:00Z') };
    expect(evaluateGuardrails([rule], units, later)).toHaveLength(1);
  });

  it('matches with RE2: a pattern that backtracks for ever elsewhere takes no time', () => {
    const [unit] = unitsOf({ api: { labels: { text: `${'a'.repeat(50_000)}!` } } });
    const started = process.hrtime.bigint();
    expect(found('!api.labels["text"].matches("^(a+)+$")', [unit!])).toEqual([]);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
  });

  it('refuses a pattern that is no pattern, also one that is made while evaluating', () => {
    expect(found('"x".matches(api.name + "(")')[0]).toMatchObject({ rule: 'guardrail-failed' });
  });

  it.each([
    ['loops in loops', nested(6)],
    ['strings that double', `[api.name]${'.map(s, s + s)'.repeat(40)}.size() == 1`],
    ['lists that double', `[api.operations]${'.map(s, s + s)'.repeat(40)}.size() == 1`],
    ['loops whose errors an && would hide', `${nested(6)} || ${nested(6)} || true`],
    [
      'long patterns over long texts',
      `api.operations.all(o, api.operations.all(a, api.operations.all(q, !"${'y'.repeat(2_000)}".matches("(y?){50}z"))))`,
    ],
  ])('ends %s by count', (_, expression) => {
    const units = unitsOf({ api: { operations: Array.from({ length: 60 }, (__, id) => ({ id: `op${id}` })) } });
    const [finding] = found(expression, units);
    expect(finding?.rule).toBe('guardrail-failed');
    expect(finding?.message).toMatch(/too many steps|more steps|too long/);
    expect(found(expression, units)).toEqual([finding]);
  });

  it('ends all rules of an environment together by count', () => {
    const units = unitsOf({ api: { operations: Array.from({ length: 60 }, (_, id) => ({ id: `op${id}` })) } });
    const rules = Array.from({ length: 5 }, () => ruleOf(`${nested(3)} && now == now`));
    const findings = evaluateGuardrails(rules, units, { ...scope, maxTotalSteps: 1_200_000 });
    expect(findings).toHaveLength(4);
    expect(findings.at(-1)?.message).toContain('the guardrails of this environment take too many steps');
    expect(guardrailLimits.maxTotalSteps).toBeGreaterThan(guardrailLimits.maxSteps);
  });

  it('has room for the same whether or not some of it was evaluated before', () => {
    const operations = Array.from({ length: 30 }, (_, id) => ({ id: `op${id}` }));
    const units = unitsOf({ apis: Array.from({ length: 6 }, (_, index) => ({ name: `api${index}`, operations })) });
    const expression = 'api.operations.all(a, api.operations.all(b, a.id != b.id || a.id == b.id))';
    const limited = { ...scope, maxTotalSteps: 20_000 };
    const rule = ruleOf(expression);
    const cold = evaluateGuardrails([rule], units, limited);
    expect(cold.length).toBeGreaterThan(0);
    expect(cold.length).toBeLessThan(6);
    for (let round = 0; round < 3; round++) expect(evaluateGuardrails([rule], units, limited)).toEqual(cold);
  });

  it('gives the same findings for the same units in any order', () => {
    const units = unitsOf({ apis: [{ name: 'b' }, { name: 'a' }, { name: 'c' }], plans: [{ name: 'z' }] });
    const rules = [ruleOf('false', { message: '${api.name} of ${apis.map(a, a.name)}' }), ruleOf('size(apis) < 2')];
    const first = evaluateGuardrails(rules, units, scope);
    expect(first).toHaveLength(8);
    expect(evaluateGuardrails(rules, [...units].reverse(), scope)).toEqual(first);
  });

  it('cuts a message that grows, and lists ten of many', () => {
    const units = unitsOf({ api: { operations: Array.from({ length: 60 }, (_, id) => ({ id: `op${id}` })) } });
    expect(found('false', units, { message: '${api.operations.map(o, o.id)}' })[0]!.message).toMatch(
      /op9 and 50 more$/,
    );
    const long = found('false', units, {
      message: '${api.operations.map(o, api.name + o.id + "x".trim()).join("----------")}',
    });
    expect(long[0]!.message.length).toBeLessThanOrEqual(guardrailLimits.maxMessageLength + 1);
  });
});

/** Loops in loops over the operations: 60 to the power of `depth` steps, if nobody ended it. */
function nested(depth: number): string {
  const open = Array.from({ length: depth }, (_, level) => `api.operations.all(o${level}, `).join('');
  return `${open}true${')'.repeat(depth)}`;
}
