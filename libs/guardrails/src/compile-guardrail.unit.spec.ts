import { describe, expect, it } from '@jest/globals';
import { caret } from './caret.ts';
import { guardrailLimits } from './language/limits.ts';
import { problemOf, ruleOf } from './testing/rule.ts';

const shown = (expression: string) => {
  const { source, start, end } = problemOf(expression);
  return source.slice(start, end);
};

describe('compileGuardrail', () => {
  it('finds names that do not exist, where they stand, and says what is known', () => {
    const problem = problemOf('size(apo.name) > 0');
    expect(problem).toMatchObject({
      rule: 'guardrail-expression',
      severity: 'error',
      where: { object: 'Guardrail/own-rule', field: 'expression' },
      message: 'There is no variable `apo` here.',
      start: 5,
      end: 8,
    });
    expect(problem.hint).toBe(
      'Did you mean `api`? There are: api, environment, apis, plans, consumers, gateways, now.',
    );
    expect(caret(problem.source, problem.start, problem.end)).toBe('size(apo.name) > 0\n     ^^^');
  });

  it.each([
    ['size(api.policy.rateLimit) > 0', 'rateLimit', '`rateLimit` is not a field of Policy.'],
    ['api.operations.all(o, o.verb == "get")', 'verb', '`verb` is not a field of Operation.'],
    ['has(api.ownr)', 'ownr', '`ownr` is not a field of Api.'],
    ['!has(api.policy.rateLimt)', 'rateLimt', '`rateLimt` is not a field of Policy.'],
    ['api.pools.exists(p, has(p.healthcheck))', 'healthcheck', '`healthcheck` is not a field of Pool.'],
    ['size(plan.rateLimits) > 0', 'plan', 'There is no variable `plan` here.'],
  ])('%s: points at `%s`', (expression, part, message) => {
    expect(shown(expression)).toBe(part);
    expect(problemOf(expression).message).toBe(message);
  });

  it.each([
    ['api.name + 1 == "x"', 'api.name + 1'],
    ['api.policy.timeouts.requestMs < "5s"', 'api.policy.timeouts.requestMs < "5s"'],
    ['api.owner == null', 'api.owner == null'],
    ['api.name', 'api.name'],
    ['api.name.matches("(a")', '"(a"'],
    ['api.name.matches("(?=a)b")', '"(?=a)b"'],
    ['api.name.matches("(a)\\\\1")', '"(a)\\\\1"'],
    ['cel.bind(a, api.name, a + a) == ""', 'cel.bind(a, api.name, a + a)'],
    ['dyn(api).secret == 1', 'dyn(api)'],
    ['now.getHours("Europe/Paris") > 3', 'now.getHours("Europe/Paris")'],
    ['api.name.size( > 1', '>'],
  ])('%s: refused, pointing at %s', (expression, part) => {
    expect(shown(expression)).toBe(part);
    expect(problemOf(expression).message).toMatch(/^[A-Z`].*\.$/s);
  });

  it('refuses what is too long, too deep or too large to be read', () => {
    const deep = `${'('.repeat(guardrailLimits.maxDepth + 2)}true${')'.repeat(guardrailLimits.maxDepth + 2)}`;
    const wide = Array.from({ length: 400 }, () => 'true').join(' && ');
    const list = `api.name in [${Array.from({ length: 201 }, () => '""').join(', ')}]`;
    const long = `api.name == "${'x'.repeat(guardrailLimits.maxExpressionLength)}"`;
    for (const expression of [deep, wide, list, long, '', '  ']) {
      expect(problemOf(expression).message).toMatch(/^[A-Z].*\.$/s);
    }
  });

  it('checks what a message shows as well', () => {
    const problem = problemOf('true', { message: 'Api ${api.nam} is wrong.' });
    expect(problem.where.field).toBe('message');
    expect(problem.source.slice(problem.start, problem.end)).toBe('nam');
    expect(problemOf('true', { message: 'Api ${api.name' }).message).toContain('never closed');
    expect(problemOf('true', { message: '${api.pools}' }).message).toBe(
      'A message cannot show a value of type list<Pool>.',
    );
    expect(() => ruleOf('true', { message: '${api.name + "}"} and ${size(api.plans)}' })).not.toThrow();
  });

  it('knows the variable of each kind', () => {
    for (const kind of ['Api', 'Plan', 'Consumer', 'Gateway', 'Environment'] as const) {
      expect(() => ruleOf(`${kind.toLowerCase()}.name != ""`, { appliesTo: { kind } })).not.toThrow();
    }
  });
});
