import { describe, expect, it } from '@jest/globals';
import { figure, percentile } from './figure.ts';

describe('percentile', () => {
  it('is the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(samples, 0.5)).toBe(50);
    expect(percentile(samples, 0.95)).toBe(95);
    expect(percentile(samples, 0.99)).toBe(99);
    expect(percentile([7], 0.99)).toBe(7);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('figure', () => {
  const base = { id: 'x', unit: 'ms', inputs: '', note: '' } as const;
  it('tells whether its goal is met, in either direction', () => {
    expect(figure({ ...base, value: 10, goal: 10, better: 'lower' }).holds).toBe(true);
    expect(figure({ ...base, value: 11, goal: 10, better: 'lower' }).holds).toBe(false);
    expect(figure({ ...base, value: 11, goal: 10, better: 'higher' }).holds).toBe(true);
    expect(figure({ ...base, value: 11, goal: null, better: 'higher' }).holds).toBeNull();
  });
});
