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
  return linesSince(file, 0).slice(-lines);
}

/** How long the log is now; 0 while there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The lines behind an offset, from the last 16 KB of the log. */
export function linesSince(file: string, offset: number): string[] {
  const maxBytes = 16 * 1024;
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(descriptor);
    const begin = Math.max(offset, size - maxBytes, 0);
    const buffer = Buffer.alloc(Math.max(0, size - begin));
    readSync(descriptor, buffer, 0, buffer.length, begin);
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.slice(0, 400));
  } finally {
    closeSync(descriptor);
  }
}
