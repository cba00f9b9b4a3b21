import { describe, expect, it } from '@jest/globals';
import { type Observed, baselineOf } from './baseline.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 2, 10, 0, second));

/** Deployments one after the other, each superseded before it was judged; the last one's baseline. */
function after(...steps: [snapshot: string, previous: string | null, second: number][]): Observed {
  let superseded: Observed | null = null;
  for (const [snapshot, previous, second] of steps) {
    superseded = { snapshot, ...baselineOf({ snapshot, previous, beganAt: at(second) }, superseded) };
  }
  return superseded!;
}

describe('the baseline', () => {
  it('is the revision before, where that had its time', () => {
    expect(after(['b', 'a', 0])).toMatchObject({ baseline: 'a', baselineUntil: at(0) });
    expect(after(['a', null, 0])).toMatchObject({ baseline: null });
  });

  it('is carried over any number of revisions that nobody judged, with the time it ended', () => {
    expect(after(['b', 'a', 0], ['c', 'b', 3], ['d', 'c', 6])).toMatchObject({ baseline: 'a', baselineUntil: at(0) });
  });

  it('is what ran before, where the trusted content itself comes back, and the trusted one again after that', () => {
    expect(after(['b', 'a', 0], ['a', 'b', 3])).toMatchObject({ baseline: 'b', baselineUntil: at(3) });
    expect(after(['b', 'a', 0], ['a', 'b', 3], ['c', 'a', 6])).toMatchObject({ baseline: 'a' });
  });

  it('is the first revision, where nothing was there before it', () => {
    expect(after(['a', null, 0], ['b', 'a', 3], ['c', 'b', 6])).toMatchObject({ baseline: 'a', baselineUntil: at(3) });
  });

  it('is not taken from a deployment that is not what ran before', () => {
    expect(after(['b', 'a', 0], ['d', 'x', 3])).toMatchObject({ baseline: 'x', baselineUntil: at(3) });
  });
});
