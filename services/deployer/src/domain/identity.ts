import { digestOf } from '@gitway/contracts';

/**
 * A UUID (version 8, RFC 9562) made from what it names. The same cause gives the same id, so a fact that arrives twice
 * finds what it made the first time.
 */
export function idOf(...parts: (string | number)[]): string {
  const hex = digestOf(parts).slice('sha256-'.length);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A commit as people write it. */
export const shortCommit = (commit: string) => commit.slice(0, 8);
