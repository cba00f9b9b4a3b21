import { describe, expect, it } from '@jest/globals';
import { openApi } from '../testing/workspace.ts';
import { called, hoursAgo, judge, list, listOnly, only, operation, publicApi, removal } from './testing/judged.ts';

/** What is gone back to was live until an hour ago. */
const back = (hours = 1) => ({ servedUntil: () => Promise.resolve(hoursAgo(hours)) });
const judged = async (input: Parameters<typeof judge>[0], rule = removal) => only(await judge(input), rule);

describe('taking back', () => {
  it('holds nothing against a commit that Gitway wrote, whoever called', async () => {
    const usage = called([{}]);
    const own = await judged({ revision: listOnly, usage, options: { writtenByGitway: true } });
    expect(own).toMatchObject({
      severity: 'info',
      message: expect.stringContaining('Gitway wrote this commit itself'),
    });
    expect(own.hint).toBe('Nothing needs to be done.');
  });

  it('passes where what came since has not been called since', async () => {
    const before = called([{ lastAt: hoursAgo(2) }]);
    for (const usage of [before, called([]), called([{ operation: 'listPets', lastAt: hoursAgo(0.5) }])]) {
      const found = await judged({ revision: listOnly, usage, more: back() });
      expect(found).toMatchObject({ severity: 'info', message: expect.stringContaining('goes back to what was live') });
      expect(found.message).toMatch(/No call of it has been heard of since\.$/);
      expect(found.hint).toBe('Nothing needs to be done.');
    }
  });

  it('is weighed like any change where what came since has been called since', async () => {
    const usage = called([{ calls: 7, lastAt: hoursAgo(0.5) }]);
    const found = await judged({ revision: listOnly, usage, more: back() });
    expect(found.severity).toBe('error');
    expect(found.message).toContain('But it came after that, and has been called since.');
    expect(found.message).toContain('7 calls by 1 consumer (acme)');
  });

  it('passes without knowledge of use, and says that it does not know', async () => {
    const found = await judged({ revision: listOnly, usage: { unknown: 'nobody told' }, more: back() });
    expect(found.severity).toBe('info');
    expect(found.message).toContain('Whether what came since was called is not known: nobody told.');
    const usage = { knownSince: hoursAgo(0.25), entries: [] };
    expect((await judged({ revision: listOnly, usage, more: back() })).message).toContain(
      'since, as far as is known since 2026-11-23 11:45 UTC.',
    );
  });

  it('passes for operations that were there before as well: their callers know them so', async () => {
    const open = publicApi('  policy: { auth: { anyOf: [none] } }\n');
    const usage = called([{ calls: 7, lastAt: hoursAgo(0.5) }]);
    const found = await judged(
      { live: open, revision: publicApi(), usage, more: back() },
      'gateway-authentication-added',
    );
    expect(found.severity).toBe('info');
    const tags = '      parameters: [{ name: tag, in: query, schema: { type: string } }]\n';
    const live = { 'apis/pets.openapi.yaml': openApi('Pets', operation('/pets', 'get', 'listPets', tags)) };
    const narrower = { 'apis/pets.openapi.yaml': openApi('Pets', list) };
    const used = called([{ operation: 'listPets', lastAt: hoursAgo(0.5) }]);
    expect(
      (await judged({ live, revision: narrower, usage: used, more: back() }, 'request-parameter-removed')).severity,
    ).toBe('info');
  });

  it('is over after 24 hours', async () => {
    const usage = called([{}]);
    expect((await judged({ revision: listOnly, usage, more: back(25) })).severity).toBe('error');
  });
});
