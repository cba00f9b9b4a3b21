import { expect, it } from '@jest/globals';
import { AT_ONCE, EVERY_MS, ReloadBudget } from './reload-budget.ts';

it('lets a few reloads follow each other, then one in each interval, and never saves up more', () => {
  let nowMs = 0;
  const budget = new ReloadBudget(() => nowMs);
  const taken: number[] = [];
  while (nowMs < 5 * EVERY_MS) {
    if (budget.waitMs() === 0) {
      budget.spend(1);
      taken.push(nowMs);
    } else nowMs += budget.waitMs();
  }
  expect(taken.filter((at) => at === 0)).toHaveLength(AT_ONCE);
  expect(taken).toHaveLength(AT_ONCE + 4);
  nowMs += 100 * EVERY_MS;
  budget.spend(AT_ONCE);
  expect(budget.waitMs()).toBe(EVERY_MS);
});
