import { describe, expect, it } from '@jest/globals';
import { jsonWeight } from './json-weight.ts';

const MB = 1_000_000;
const bytes = (text: string) => Buffer.from(text);

describe('what a JSON text weighs', () => {
  it('is nothing for what is small or no JSON', () => {
    expect(jsonWeight(bytes('{}'))).toBe(0);
    expect(jsonWeight(bytes(`a: ${'x'.repeat(2 * MB)}`))).toBe(0);
  });

  it('is its length for text, and a multiple of it for many small values', () => {
    expect(jsonWeight(bytes(`["${'x'.repeat(2 * MB)}"]`))).toBeLessThan(2.1 * MB);
    expect(jsonWeight(bytes(`[${'[],'.repeat(MB)}[]]`))).toBeGreaterThan(60 * MB);
    expect(jsonWeight(bytes(` \n\ufeff[${'{},'.repeat(MB)}{}]`))).toBeGreaterThan(70 * MB);
  });
});
