import { describe, expect, it } from '@jest/globals';
import { differenceInterval, quantileRanks, wilsonInterval } from './statistics.ts';

describe('wilsonInterval', () => {
  // Published: Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3, 95 %.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i', (hits, of, low, high) => {
    const interval = wilsonInterval({ hits, of }, 1.959964);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('knows nothing without a sample', () => {
    expect(wilsonInterval({ hits: 0, of: 0 }, 2)).toEqual({ low: 0, high: 1 });
  });
});

describe('differenceInterval', () => {
  // Published: Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10, 95 %.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [10, 10, 0, 20, 0.6791, 1],
    [0, 10, 0, 20, -0.1611, 0.2775],
  ])('of %i in %i and %i in %i', (a, m, b, n, low, high) => {
    const interval = differenceInterval({ hits: a, of: m }, { hits: b, of: n }, 1.959964);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });
});

describe('quantileRanks', () => {
  it('narrows with the sample and stays within 0 and 1', () => {
    expect(quantileRanks(0.95, 0, 4)).toEqual({ low: 0, high: 1 });
    expect(quantileRanks(0.95, 100, 4).high).toBe(1);
    const { low, high } = quantileRanks(0.95, 10_000, 2);
    expect(low).toBeCloseTo(0.95 - 0.00436, 4);
    expect(high).toBeCloseTo(0.95 + 0.00436, 4);
  });
});
