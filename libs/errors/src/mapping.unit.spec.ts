import { describe, expect, it } from '@jest/globals';
import {
  ConflictError,
  ForbiddenError,
  GitwayError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  TransientError,
  exitCodeOf,
  httpStatusOf,
  isRetryable,
  messageOf,
  slugOf,
} from './index.ts';

describe('one mapping for every kind', () => {
  const table: [GitwayError, string, number, number, boolean][] = [
    [new InvalidInputError('bad-name', 'm'), 'invalid-input', 400, 2, false],
    [new ForbiddenError('no-role', 'm'), 'forbidden', 403, 1, false],
    [new NotFoundError('no-commit', 'm'), 'not-found', 404, 1, false],
    [new ConflictError('too-late', 'm'), 'conflict', 409, 1, false],
    [new TransientError('away', 'm'), 'transient', 503, 4, true],
    [new InternalError('corrupt', 'm'), 'internal', 500, 3, true],
  ];
  it.each(table)('%p', (error, kind, status, exitCode, retryable) => {
    expect(error).toBeInstanceOf(GitwayError);
    expect(error.kind).toBe(kind);
    expect(httpStatusOf(error)).toBe(status);
    expect(exitCodeOf(error)).toBe(exitCode);
    expect(isRetryable(error)).toBe(retryable);
  });

  it('takes anything else for an internal fault that may be tried again', () => {
    for (const thrown of [new Error('boom'), 'boom', undefined, null, 42]) {
      expect(httpStatusOf(thrown)).toBe(500);
      expect(exitCodeOf(thrown)).toBe(3);
      expect(isRetryable(thrown)).toBe(true);
      expect(slugOf(thrown)).toBe('internal');
    }
  });
});

describe('GitwayError', () => {
  it('keeps its slug, fields and cause, and is named after its class', () => {
    const cause = new Error('inner');
    const error = new InvalidInputError('bad', 'two are wrong', { cause, fields: [{ field: 'a', message: 'b' }] });
    expect(error.name).toBe('InvalidInputError');
    expect(error.cause).toBe(cause);
    expect(slugOf(error)).toBe('bad');
    expect(error.fields).toEqual([{ field: 'a', message: 'b' }]);
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('words'), 'words'],
    [new TypeError(''), 'TypeError'],
    ['text', 'text'],
    ['', 'unknown error'],
    [undefined, 'unknown error'],
    [null, 'unknown error'],
    [7, '7'],
    [{ message: 'from elsewhere' }, 'from elsewhere'],
    [new AggregateError([new Error('v6 refused'), new Error('v4 refused')]), 'v6 refused; v4 refused'],
    [Object.create(null), 'unknown error'],
  ])('%p', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
