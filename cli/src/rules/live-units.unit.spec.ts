import { describe, expect, it } from '@jest/globals';
import type { LiveUnitsView } from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';
import { fetchLive } from './live-units.ts';

type Answer = Pick<LiveUnitsView, 'items' | 'next'> & { snapshot: string };

/** Answers in turn; `moved`: something else went live. */
function clientOf(answers: (Answer | 'moved')[]) {
  const asked: unknown[] = [];
  const get = (_: string, __: unknown, query: unknown) => {
    asked.push(query);
    const answer = answers.shift()!;
    if (answer === 'moved') return Promise.reject(new ConflictError('live-moved', 'moved'));
    return Promise.resolve({ ...answer, environment: 'e', commit: null, since: null, unreadable: 1, total: 3 });
  };
  return { client: { get } as unknown as ConsoleClient, asked };
}
const plan = (name: string) => ({ kind: 'plan', name, rateLimit: null }) as unknown as LiveUnitsView['items'][number];

describe('what is live, fetched', () => {
  it('comes in pages of one snapshot', async () => {
    const { client, asked } = clientOf([
      { snapshot: 's', items: [plan('a'), plan('b')], next: 2 },
      { snapshot: 's', items: [plan('c')], next: null },
    ]);
    const live = await fetchLive(client, 'e');
    expect([live.units.map(({ name }) => name), live.unreadable]).toEqual([['a', 'b', 'c'], 2]);
    expect(asked).toEqual([{ limit: 200 }, { limit: 200, offset: 2, snapshot: 's' }]);
  });

  it('begins again where something else went live, and gives up in the end', async () => {
    const first = { snapshot: 's', items: [plan('a')], next: 1 };
    const whole = { snapshot: 't', items: [plan('z')], next: null };
    const { client } = clientOf([first, 'moved', whole]);
    expect((await fetchLive(client, 'e')).units.map(({ name }) => name)).toEqual(['z']);
    await expect(fetchLive(clientOf([first, 'moved', 'moved', first, 'moved']).client, 'e')).rejects.toThrow('moved');
  });
});
