import { describe, expect, it } from '@jest/globals';
import { InvalidInputError } from '@gitway/errors';
import { z } from 'zod';
import {
  booleanVariable,
  databaseConfigShape,
  durationVariable,
  integerVariable,
  jobsConfigShape,
  jsonVariable,
  loadConfig,
  serviceConfigShape,
} from './index.ts';

const good = {
  GITWAY_NATS_URL: 'nats://127.0.0.1:4222',
  GITWAY_HTTP_PORT: '8080',
  GITWAY_INTERNAL_TOKEN: 'a-token-of-some-length',
  GITWAY_DATABASE_URL: 'postgres://gitway:pw@127.0.0.1:5432/console',
};
const schema = z.object({ ...serviceConfigShape, ...databaseConfigShape, ...jobsConfigShape });

function failureOf(load: () => unknown): InvalidInputError {
  try {
    load();
  } catch (error) {
    if (error instanceof InvalidInputError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('loadConfig', () => {
  it('parses a usable environment and fills in the defaults', () => {
    expect(loadConfig(schema, { ...good, UNRELATED: 'x', REDIS_URL: '' })).toEqual({
      ...good,
      GITWAY_HTTP_PORT: 8080,
      GITWAY_HTTP_HOST: '127.0.0.1',
      GITWAY_LOG_LEVEL: 'info',
    });
  });

  it('names every bad variable at once and what it must be', () => {
    const error = failureOf(() =>
      loadConfig(schema, {
        GITWAY_NATS_URL: 'http://nats',
        GITWAY_HTTP_PORT: '99999',
        GITWAY_INTERNAL_TOKEN: 'short',
        GITWAY_LOG_LEVEL: 'loud',
        REDIS_URL: 'localhost:6379',
      }),
    );
    expect(error.slug).toBe('bad-config');
    expect(error.fields.map((field) => field.field).sort()).toEqual([
      'GITWAY_DATABASE_URL',
      'GITWAY_HTTP_PORT',
      'GITWAY_INTERNAL_TOKEN',
      'GITWAY_LOG_LEVEL',
      'GITWAY_NATS_URL',
      'REDIS_URL',
    ]);
    expect(error.message).toContain('GITWAY_DATABASE_URL: is not set (this service');
    expect(error.message).toContain('GITWAY_HTTP_PORT: must be a whole number from 0 to 65535');
    expect(error.message).toContain('GITWAY_LOG_LEVEL: must be one of trace, debug, info');
    expect(error.message).toContain('REDIS_URL: must be a URL that starts with redis:// or rediss://');
  });

  it('never repeats a value, which may be a secret', () => {
    const secret = 'hunter2';
    const tokens = z.object({
      TOKENS: jsonVariable(
        z.array(z.strictObject({ name: z.string(), role: z.enum(['viewer']), at: z.iso.datetime() })),
      ),
    });
    const failures = [
      failureOf(() =>
        loadConfig(schema, { ...good, GITWAY_INTERNAL_TOKEN: secret, GITWAY_DATABASE_URL: `mysql://u:${secret}@h/d` }),
      ),
      failureOf(() => loadConfig(tokens, { TOKENS: `[{"token": "${secret}"` })),
      failureOf(() =>
        loadConfig(tokens, { TOKENS: JSON.stringify([{ name: 1, role: secret, at: secret, [secret]: secret }]) }),
      ),
    ];
    for (const error of failures) {
      expect(`${error.message} ${JSON.stringify(error.fields)} ${String(error.cause)}`).not.toContain(secret);
    }
  });

  it('takes an empty variable for one that is not set', () => {
    const error = failureOf(() => loadConfig(schema, { ...good, GITWAY_INTERNAL_TOKEN: '  ' }));
    expect(error.fields).toHaveLength(1);
    expect(error.message).toContain('GITWAY_INTERNAL_TOKEN: is not set');
  });

  it('accepts a cluster of NATS servers', () => {
    const url = 'nats://a:4222,nats://b:4222';
    expect(loadConfig(schema, { ...good, GITWAY_NATS_URL: url }).GITWAY_NATS_URL).toBe(url);
  });
});

describe('variables', () => {
  const timeout = z.object({ TIMEOUT: durationVariable('10m') });
  it.each([
    [undefined, 600_000],
    ['250ms', 250],
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['0s', 0],
  ])('reads the duration %p', (text, ms) => {
    expect(loadConfig(timeout, text === undefined ? {} : { TIMEOUT: text }).TIMEOUT).toBe(ms);
  });
  it.each(['10', '10 m', '-5s', '1y', 'soon', '999999999999d'])('refuses the duration %p', (text) => {
    expect(() => loadConfig(timeout, { TIMEOUT: text })).toThrow('must be a duration as in 250ms');
  });

  it('reads booleans and integers within bounds', () => {
    const shape = z.object({ ON: booleanVariable(false), N: integerVariable({ min: 1, max: 5, default: 2 }) });
    expect(loadConfig(shape, {})).toEqual({ ON: false, N: 2 });
    expect(loadConfig(shape, { ON: 'Yes', N: '5' })).toEqual({ ON: true, N: 5 });
    for (const N of ['0', '6', '1.5', '1e0', '0x1', '-1'])
      expect(() => loadConfig(shape, { N })).toThrow('whole number');
    expect(() => loadConfig(shape, { ON: 'maybe' })).toThrow('must be true or false');
  });
});
