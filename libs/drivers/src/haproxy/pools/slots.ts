import type { ApiUnit, Pool } from '@gitway/contracts';

/** The slot of calls that carry the mark of the canary. */
export const CANARY_SLOT = 'canary';

/**
 * Which pool each share of calls goes to; a call takes a slot. None when there is nothing to choose.
 *
 * At random, a slot is taken for each share, weights reduced by their greatest common divisor. Where a caller is to
 * stay on a side, there are a hundred (or a thousand) slots whatever the weights are, the canary's first: when its share
 * grows, who was there stays there.
 */
export function poolSlots({ pools, policy: { canary } }: ApiUnit): string[] {
  if (pools.length < 2) return [];
  const used = pools.filter((pool) => pool.weight > 0);
  if (used.length < 2) return canary === undefined ? [] : used.map((pool) => pool.name);
  if (canary !== undefined && canary.sticky !== 'none') return evenSlots(used, canary.pool);
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  const divisor = used.map((pool) => pool.weight).reduce(gcd);
  return used.flatMap((pool) => Array<string>(pool.weight / divisor).fill(pool.name));
}

function evenSlots(used: readonly Pool[], first: string): string[] {
  const total = used.reduce((sum, pool) => sum + pool.weight, 0);
  const count = 100 % total === 0 || total === 100 ? 100 : 1000;
  const ordered = [...used.filter(({ name }) => name === first), ...used.filter(({ name }) => name !== first)];
  const slots: string[] = [];
  let sum = 0;
  for (const { name, weight } of ordered) {
    sum += weight;
    const end = Math.round((sum / total) * count);
    while (slots.length < end) slots.push(name);
  }
  return slots;
}
