import { describe, expect, it } from '@jest/globals';
import { formatSize, parseSizeBytes } from './size.ts';

describe('sizes', () => {
  it.each([
    ['512B', 512],
    ['10KB', 10_000],
    ['1.5MB', 1_500_000],
    ['1KiB', 1024],
    ['2GiB', 2_147_483_648],
  ])('reads %s', (text, bytes) => {
    expect(parseSizeBytes(text)).toBe(bytes);
  });

  it.each(['', '10', '10mb', '-1KB', '1e3KB', '0.0001KB', '9999999999999999GB', '10 KB'])(
    'does not read %j',
    (text) => {
      expect(parseSizeBytes(text)).toBeNull();
    },
  );

  it.each([0, 1, 1_000, 1_024, 1_500, 10_000_000, 1_048_576])('writes %i so that it reads it again', (bytes) => {
    expect(parseSizeBytes(formatSize(bytes))).toBe(bytes);
  });
});
