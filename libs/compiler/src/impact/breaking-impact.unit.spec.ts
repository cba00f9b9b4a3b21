import { describe, expect, it } from '@jest/globals';
import type { ApiUsage } from '../breaking/live.ts';
import { messages, now, ruleSet, told, trial } from './testing/impact.ts';

const day = 24 * 3_600_000;
const called = (daysAgo: number): ApiUsage => ({
  knownSince: new Date(now.getTime() - 60 * day),
  entries: [{ operation: 'x', consumer: 'acme', calls: 5, lastAt: new Date(now.getTime() - daysAgo * day) }],
});
const quiet: ApiUsage = { knownSince: new Date(now.getTime() - 60 * day), entries: [] };
/** Cats (public) and dogs (experimental) were called yesterday, pets (internal) ten days ago. */
const usage = (api: string) => (api === 'pets' ? called(10) : called(1));
const policies = (...entries: string[]) =>
  ruleSet(`  breaking:\n    policies:\n${entries.map((entry) => `      - { ${entry} }\n`).join('')}`);
const removed = 'api-path-removed-without-deprecation';
const refuses = (what: string, list: string) =>
  `The policy of breaking changes would reject a change that breaks callers of ${what} that are live in staging: ${list}.`;

describe('another policy of breaking changes', () => {
  it('tells whose next change would be refused as they are called today, and that nothing is refused now', async () => {
    const [found, ...others] = await told({ revision: policies('used: block'), usage });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      rule: 'rule-set-impact',
      severity: 'warning',
      where: { file: 'rules/house.yaml', field: 'spec.breaking' },
      // Laid over the defaults: a `used` of everything holds for experimental APIs too.
      message: refuses('2 of 3 APIs', 'cats, dogs'),
      hint: expect.stringMatching(/^Nothing is refused for it now/),
    });
    expect(found!.related).toContainEqual({
      where: { object: 'Api/cats' },
      message: expect.stringContaining('5 calls by 1 consumer (acme) in 7 days'),
    });
  });

  it.each([
    ['by what is public', ['visibility: [public], used: block'], '1 of 3 APIs', 'cats'],
    ['by how far back a call counts', ['usedWithin: 14d', 'used: block'], '3 of 3 APIs', 'cats, dogs, pets'],
    ['by who is not called', ['used: allow, unused: block'], '1 of 3 APIs', 'pets'],
  ])('%s', async (_, entries, what, list) => {
    expect(await messages({ revision: policies(...entries), usage })).toEqual([`warning ${refuses(what, list)}`]);
  });

  it('goes by what is not known of use, and says nothing of what is no graver than a note', async () => {
    expect(await messages({ revision: policies('unknown: block') })).toEqual([
      `warning ${refuses('3 of 3 APIs', 'cats, dogs, pets')}`,
    ]);
    expect(await messages({ revision: policies('used: allow, unused: allow'), usage: () => quiet })).toEqual([
      'info The policy of breaking changes would hit nothing that is live in staging.',
    ]);
  });

  it('for rules that it names, each for itself', async () => {
    expect(await messages({ revision: policies(`rules: [${removed}], used: block`), usage })).toEqual([
      `warning ${refuses('1 of 3 APIs', 'cats')}`,
      `warning Rule \`${removed}\` would reject such a change of 2 of 3 APIs that are live in staging: cats, dogs.`,
    ]);
  });

  it('of other environments, and words, change nothing; a policy that goes brings back the defaults', async () => {
    const live = policies('used: block');
    expect(await messages({ live, revision: live, usage })).toEqual([]);
    const [only] = await messages({ live, revision: ruleSet('  rules: { route-shadowed: info }\n'), usage });
    expect(only).toBe(`warning ${refuses('1 of 3 APIs', 'cats')}`);
  });

  it('on trial would refuse what it would refuse', async () => {
    const found = await messages({ revision: trial(policies('used: block')), usage });
    expect(found).toEqual([`warning ${refuses('2 of 3 APIs', 'cats, dogs')}`]);
    const soft = await messages({ revision: trial(policies('visibility: [internal], unused: block')), usage });
    expect(soft[0]).toContain('would reject a change that breaks callers of 2 of 3 APIs');
  });
});

it('a severity that is given to a breaking change for good holds whoever calls', async () => {
  const revision = ruleSet(`  rules: { ${removed}: error }\n`);
  expect(await messages({ revision, usage: () => quiet })).toEqual([
    `warning Rule \`${removed}\` would reject such a change of 3 of 3 APIs that are live in staging: cats, dogs, pets.`,
  ]);
});
