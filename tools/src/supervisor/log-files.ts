import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** A log grows to this size, then it is kept as `<file>.1` and begun anew. */
export const LOG_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Rotates by copy and truncate: the process keeps its descriptor, which appends, so it needs no signal and goes on
 * when the launcher is gone. Lines written between copy and truncate are lost.
 */
export function rotateWhenLarge(file: string, limitBytes = LOG_LIMIT_BYTES): boolean {
  try {
    if (statSync(file).size <= limitBytes) return false;
    copyFileSync(file, `${file}.1`);
    truncateSync(file, 0);
    return true;
  } catch {
    return false;
  }
}

/** The last lines of a log, for an error message. */
export function tail(file: string, lines: number): string[] {
  const maxBytes = 16 * 1024;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    readSync(descriptor, buffer, 0, buffer.length, Math.max(0, size - maxBytes));
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .slice(-lines)
      .map((line) => line.slice(0, 400));
  } finally {
    closeSync(descriptor);
  }
}
