import { describe, expect, it } from '@jest/globals';
import { MemoryCache } from './memory-cache.ts';

describe('MemoryCache', () => {
  it('gives what was set, and the latest of it', () => {
    const cache = new MemoryCache();
    cache.set('a', { value: 1 });
    cache.set('a', { value: 2 });
    expect(cache.get('a')).toEqual({ value: 2 });
    expect(cache.get('b')).toBeUndefined();
    expect(cache.size).toBe(1);
  });

  it('keeps what is used and drops what is not, within its size', () => {
    const cache = new MemoryCache(100);
    cache.set('used', { value: 'used' });
    cache.set('unused', { value: 'unused' });
    for (let index = 0; index < 500; index++) {
      cache.set(`entry ${index}`, { index });
      expect(cache.get('used')).toEqual({ value: 'used' });
      expect(cache.size).toBeLessThanOrEqual(100);
    }
    expect(cache.get('unused')).toBeUndefined();
    expect(cache.get('entry 499')).toEqual({ index: 499 });
  });
});
