import { describe, expect, it } from '@jest/globals';
import { isDatabaseUnavailable } from './unavailable.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

describe('isDatabaseUnavailable', () => {
  it.each(['57P01', '08006', '40001', '40P01', '53300', 'ECONNREFUSED'])('is true for %s', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
    expect(isDatabaseUnavailable(new Error('outer', { cause: withCode(code) }))).toBe(true);
  });

  it.each(['23505', '42P01', '22P02', 'EACCES'])('is false for %s', (code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(false);
  });

  it('is false for what is no error', () => {
    expect(isDatabaseUnavailable('57P01')).toBe(false);
  });
});
