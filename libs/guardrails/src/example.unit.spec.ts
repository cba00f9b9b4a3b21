import { describe, expect, it } from '@jest/globals';
import { unitsOfExample } from './example.ts';
import { ruleOf } from './testing/rule.ts';
import { tryExample } from './try-example.ts';

describe('examples', () => {
  it('are laid over an ordinary configuration', () => {
    const { units, now } = unitsOfExample('Api', {
      api: { pools: [{ weight: 5 }] },
      plans: [{ name: 'free' }],
      now: '2026-02-01T00:00:00Z',
    });
    expect(units.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'api pets',
      'environment production',
      'plan free',
    ]);
    expect(units[0]).toMatchObject({ pools: [{ name: 'stable', weight: 5, targets: [{ host: 'pets.internal' }] }] });
    expect(now).toEqual(new Date('2026-02-01T00:00:00Z'));
  });

  it.each([
    [{ apo: {} }, 'Did you mean `api`?'],
    [{ api: { visiblity: 'public' } }, '`visiblity` is not a field of Api. Did you mean `visibility`?'],
    [{ api: { pools: [{ wieght: 5 }] } }, '`wieght` is not a field of Pool'],
    [{ api: { visibility: 'secret' } }, '`visibility`'],
    [{ api: 'pets' }, 'must be a mapping'],
    [{ plans: {} }, 'must be a list'],
    [{ now: 'yesterday' }, '`now` must be a date'],
  ])('%j is refused', (example, message) => {
    expect(() => unitsOfExample('Api', example)).toThrow(message);
  });

  it('tell a rule that does not look from one that holds', () => {
    const rule = ruleOf('false', { appliesTo: { kind: 'Api', visibility: ['public'] } });
    expect(tryExample(rule, {})).toEqual({
      outcome: 'undecided',
      message: 'The rule does not look at this api: its appliesTo chooses by visibility.',
    });
    expect(tryExample(rule, { api: { visibility: 'public' } }).outcome).toBe('failed');
    expect(tryExample(ruleOf('api.policy.auth.query == "k"'), {}).outcome).toBe('undecided');
    expect(tryExample(ruleOf('consumer.suspended', { appliesTo: { kind: 'Consumer' } }), {}).outcome).toBe('failed');
  });
});
