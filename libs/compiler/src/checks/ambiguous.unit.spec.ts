import { describe, expect, it } from '@jest/globals';
import { foundBy } from '../testing/compile.ts';
import { api, consumer, plan, policy } from '../testing/workspace.ts';

describe('ambiguous references', () => {
  it('names every place that the reference could mean, for every kind of reference', async () => {
    const found = await foundBy('ambiguous-reference', {
      'apis/pets.yaml': api('pets', '  plans: [free]\n'),
      'a.yaml': plan('free'),
      'b.yaml': plan('free'),
      'c.yaml': consumer('acme', 'a'.repeat(64), '  plans: [free]\n'),
    });
    expect(found).toMatchObject([
      {
        severity: 'error',
        message: '`free` could be any of 2 resources of kind Plan.',
        where: { file: 'apis/pets.yaml', field: 'spec.plans.0' },
        related: [{ where: { file: 'a.yaml' } }, { where: { file: 'b.yaml' } }],
      },
      { where: { file: 'c.yaml', object: 'Consumer/acme' } },
    ]);
  });

  it('says nothing of names that nobody refers to', async () => {
    expect(await foundBy('ambiguous-reference', { 'a.yaml': plan('free'), 'b.yaml': plan('free') })).toEqual([]);
  });
});

describe('ambiguous priority', () => {
  const selecting = (name: string, labels: string, rest: string) =>
    policy(name, `  selector: { labels: ${labels} }\n${rest}`);
  const limit = (requests: number) => `  rateLimit: { requests: ${requests}, per: minute }\n`;
  const found = (...policies: string[]) => foundBy('ambiguous-priority', { 'p.yaml': policies.join('---\n') });

  it('is told where two policies differ in a field for one API', async () => {
    expect(await found(selecting('a', '{}', limit(1)), selecting('b', '{ tier: public }', limit(2)))).toMatchObject([
      {
        severity: 'warning',
        message:
          'Policies `a` and `b` both set `rateLimit` for API `pets` with priority 0; `b` wins by its name alone.',
        where: { object: 'Policy/b', field: 'spec.rateLimit' },
        related: [{ where: { object: 'Policy/a' } }, { where: { object: 'Api/pets' } }],
      },
    ]);
  });

  it.each([
    ['other fields', selecting('b', '{}', '  timeout: { request: 1s }\n')],
    ['equal values', selecting('b', '{}', limit(1))],
    ['another priority', selecting('b', '{}', `  priority: 1\n${limit(2)}`)],
    ['labels that no API has', selecting('b', '{ tier: gold }', limit(2))],
  ])('lets %s pass', async (_, other) => {
    expect(await found(selecting('a', '{}', limit(1)), other)).toEqual([]);
  });
});
