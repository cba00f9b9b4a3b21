import { describe, expect, it } from '@jest/globals';
import { TestClock } from './test-clock.ts';

describe('TestClock', () => {
  it('stands still until it is moved', () => {
    const clock = new TestClock('2026-03-01T10:00:00Z');
    const before = clock.now();
    expect(clock.now()).toEqual(before);
    clock.advance(90_000);
    expect(clock.now().toISOString()).toBe('2026-03-01T10:01:30.000Z');
    expect(before.toISOString()).toBe('2026-03-01T10:00:00.000Z');
    clock.set('2026-03-02T00:00:00Z');
    expect(clock.now().toISOString()).toBe('2026-03-02T00:00:00.000Z');
  });

  it('never goes back', () => {
    const clock = new TestClock();
    expect(() => clock.advance(-1)).toThrow();
    expect(() => clock.set('2020-01-01T00:00:00Z')).toThrow();
    expect(() => new TestClock('soon')).toThrow();
  });
});
