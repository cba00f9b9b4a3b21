import { describe, expect, it } from '@jest/globals';
import { type Block, digestOf } from '@gitway/contracts';
import { apiUnit } from '../testing/units.ts';
import { decisionsOf, someBlockEnded, withWeights } from './decisions.ts';

const stored = (name: string) => {
  const unit = apiUnit(name, 1, {
    pools: ['stable', 'canary'].map((pool, index) => ({
      name: pool,
      weight: index * 100,
      targets: [],
      healthCheck: null,
    })),
  });
  return { digest: digestOf(unit), unit };
};
const weightsOf = (given: ReturnType<typeof withWeights>) =>
  'units' in given
    ? given.units.map(({ unit }) => (unit.kind === 'api' ? unit.pools.map(({ weight }) => weight) : []))
    : given.problems;

describe('weights that were decided', () => {
  it('take the place of those of the unit, which is another one then', () => {
    const units = [stored('a'), stored('b')];
    const changed = withWeights(units, { a: { stable: 70, canary: 30 } });
    expect(weightsOf(changed)).toEqual([
      [70, 30],
      [0, 100],
    ]);
    expect('units' in changed && changed.units.map(({ digest }, index) => digest === units[index]?.digest)).toEqual([
      false,
      true,
    ]);
    expect(units[0]?.unit.pools[0]?.weight).toBe(0);
  });

  it('are refused where they name what is not there', () => {
    expect(weightsOf(withWeights([stored('a')], { a: { blue: 1 }, c: { stable: 1 } }))).toEqual([
      { unit: 'api a', message: expect.stringContaining('"blue"') },
      { unit: 'api c', message: expect.stringContaining('not there') },
    ]);
  });
});

describe('blocks', () => {
  const block = (id: string, until: string): Block => ({
    id,
    kind: 'address',
    address: '192.0.2.0/24',
    until,
    reason: '',
  });
  const at = new Date('2026-01-01T00:00:00.000Z');

  it('hold until their instant', () => {
    const blocks = [
      block('past', '2025-12-31T23:59:59.999Z'),
      block('now', at.toISOString()),
      block('on', '2026-01-01T00:00:00.001Z'),
    ];
    const held = decisionsOf({ blocks }, at);
    expect(held.blocks.map(({ id }) => id)).toEqual(['on']);
    expect([someBlockEnded(held, at), someBlockEnded(held, new Date('2026-01-01T00:00:00.001Z'))]).toEqual([
      false,
      true,
    ]);
  });
});
