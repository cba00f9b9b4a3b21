import { GitwayError, type ErrorKind } from './gitway-error.ts';

const statusOfKind: Record<ErrorKind, number> = {
  'invalid-input': 400,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  transient: 503,
  internal: 500,
};

/**
 * Exit codes of every Gitway command. `finding`: it ran, and the answer is no (findings, refused, failed deployment).
 * `usage`: the input or the arguments are wrong. `internal`: a fault. `unavailable`: not running or timed out; try again.
 * `interrupted`: ended by Ctrl-C, as shells count it.
 */
export const exitCodes = { ok: 0, finding: 1, usage: 2, internal: 3, unavailable: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodeOfKind: Record<ErrorKind, ExitCode> = {
  'invalid-input': exitCodes.usage,
  forbidden: exitCodes.finding,
  'not-found': exitCodes.finding,
  conflict: exitCodes.finding,
  transient: exitCodes.unavailable,
  internal: exitCodes.internal,
};

/** The HTTP status that a caller is told; 500 for everything that is not a GitwayError. */
export function httpStatusOf(error: unknown): number {
  return error instanceof GitwayError ? statusOfKind[error.kind] : 500;
}

export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof GitwayError ? exitCodeOfKind[error.kind] : exitCodes.internal;
}

/**
 * Whether the same work may succeed when tried again. Unknown errors are retried, since most of them are a peer's
 * (a dropped connection, a dead lock); whoever retries bounds it. An internal error is one of these: a fault that
 * a restart or a fixed release takes away.
 */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof GitwayError)) return true;
  return error.kind === 'transient' || error.kind === 'internal';
}

/** The slug of a GitwayError; `internal` for everything else. */
export function slugOf(error: unknown): string {
  return error instanceof GitwayError ? error.slug : 'internal';
}

/** The words of anything that can be thrown, never empty. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') {
    return error.errors.map((inner) => messageOf(inner)).join('; ') || error.name;
  }
  if (error instanceof Error) return error.message || error.name;
  if (typeof error === 'string' && error !== '') return error;
  if (typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string') {
    return error.message || 'unknown error';
  }
  return error === undefined || error === null || error === '' ? 'unknown error' : safeString(error);
}

function safeString(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'unknown error';
  }
}
