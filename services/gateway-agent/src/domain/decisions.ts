import { type Block, canonicalJson, digestOf, type Desired, type Problem, type Weights } from '@gitway/contracts';
import type { SnapshotUnit } from '@gitway/drivers';

/** What was decided at run time and is in no snapshot. */
export interface Decisions {
  readonly weights: Weights;
  readonly blocks: readonly Block[];
}

export const noDecisions: Decisions = { weights: {}, blocks: [] };

/** What of it holds at an instant. */
export const decisionsOf = (
  { weights = {}, blocks = [] }: Pick<Desired, 'weights' | 'blocks'>,
  at: Date,
): Decisions => ({
  weights,
  blocks: blocks.filter(({ until }) => Date.parse(until) > at.getTime()),
});

export const sameDecisions = (a: Decisions, b: Decisions) => canonicalJson(a) === canonicalJson(b);

export const someBlockEnded = ({ blocks }: Decisions, at: Date) =>
  blocks.some(({ until }) => Date.parse(until) <= at.getTime());

/** The units with the shares of calls that were decided, or the weights that name what is not there. */
export function withWeights(
  units: readonly SnapshotUnit[],
  weights: Weights,
): { units: readonly SnapshotUnit[] } | { problems: Problem[] } {
  if (Object.keys(weights).length === 0) return { units };
  const problems: Problem[] = [];
  const named = new Set(Object.keys(weights));
  const changed = units.map((stored) => {
    const { unit, digest } = stored;
    if (unit.kind !== 'api' || !named.delete(unit.name)) return stored;
    const shares = weights[unit.name] ?? {};
    for (const pool of Object.keys(shares)) {
      if (unit.pools.some(({ name }) => name === pool)) continue;
      problems.push({
        unit: `api ${unit.name}`,
        message: `a weight was decided for the pool "${pool}", which it does not have`,
      });
    }
    const pools = unit.pools.map((pool) => ({ ...pool, weight: shares[pool.name] ?? pool.weight }));
    return { digest: digestOf({ digest, shares }), unit: { ...unit, pools } };
  });
  for (const name of named)
    problems.push({ unit: `api ${name}`, message: 'weights were decided for it, and it is not there' });
  return problems.length > 0 ? { problems } : { units: changed };
}
