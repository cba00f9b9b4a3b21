import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { plainForm } from './plain-form.ts';
import { duration, headerName, size } from './schema/common.ts';

const schema = z.strictObject({
  timeout: duration('How long.').optional(),
  body: size('How large.', { maxBytes: 1e9 }).nullable().optional(),
  names: z.array(headerName('A header.')).optional(),
  set: z.record(headerName('A header.'), z.string()).optional(),
  inner: z.strictObject({ every: duration('How often.') }).optional(),
});

describe('plainForm', () => {
  it('gives durations in milliseconds, sizes in bytes and names of headers in lower case', () => {
    const value = {
      timeout: '1m30s',
      body: '64KiB',
      names: ['X-Api-Key'],
      set: { 'X-Team': 'Pets' },
      inner: { every: '5s' },
    };
    expect(schema.safeParse(value).success).toBe(true);
    expect(plainForm(schema, value)).toEqual({
      timeoutMs: 90_000,
      bodyBytes: 65_536,
      names: ['x-api-key'],
      set: { 'x-team': 'Pets' },
      inner: { everyMs: 5_000 },
    });
  });

  it('leaves out what is not given', () => {
    expect(plainForm(schema, {})).toEqual({});
    expect(plainForm(schema, { timeout: undefined })).toEqual({});
  });

  it('does not take what the schema does not know', () => {
    expect(() => plainForm(schema, { tiemout: '5s' })).toThrow('tiemout');
  });
});
