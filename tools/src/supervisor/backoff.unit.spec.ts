import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.ts';

const options = { firstMs: 100, longestMs: 1000, stableAfterMs: 1 };

describe('restart back-off', () => {
  it('doubles from the first wait up to the longest', () => {
    const waits = [1, 2, 3, 4, 5, 6, 100].map((failures) => backoffMs(failures, 0.999_999, options));
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000, 1000]);
  });

  it('leaves half of the wait to chance', () => {
    expect(backoffMs(3, 0, options)).toBe(200);
    expect(backoffMs(3, 0.5, options)).toBe(300);
  });
});
