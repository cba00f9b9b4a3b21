import type { Person } from '@gitway/contracts';

export interface Commit {
  readonly author: Person;
  /** ISO 8601 in UTC. */
  readonly committedAt: string;
  readonly message: string;
  /** The last `Gitway-Cause` trailer; null where there is none. */
  readonly cause: string | null;
}

const MAX_MESSAGE_LENGTH = 2000;
export const CAUSE_TRAILER = 'Gitway-Cause';
export const ENVIRONMENT_TRAILER = 'Gitway-Environment';

/** Reads a commit object as `git cat-file` gives it. What is missing or broken in it becomes empty, never an error. */
export function parseCommit(content: Buffer): Commit {
  const end = content.indexOf('\n\n');
  const head = content.subarray(0, end < 0 ? content.length : end).toString('utf8');
  const message = end < 0 ? '' : content.subarray(end + 2, end + 2 + 1024 * 1024).toString('utf8');
  const line = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(head)?.[1] ?? '';
  return {
    author: personOf(line('author')),
    committedAt: instantOf(line('committer')),
    // The cut may halve a surrogate pair; a trip through UTF-8 mends that.
    message: Buffer.from(clean(message).trimEnd().slice(0, MAX_MESSAGE_LENGTH)).toString('utf8'),
    cause: trailerOf(message, CAUSE_TRAILER),
  };
}

/** The value of a trailer in the last paragraph of a message. */
export function trailerOf(message: string, name: string): string | null {
  const paragraph =
    message
      .trimEnd()
      .split(/\n\s*\n/)
      .at(-1) ?? '';
  let value: string | null = null;
  for (const line of paragraph.split('\n')) {
    if (line.toLowerCase().startsWith(`${name.toLowerCase()}:`)) value = line.slice(name.length + 1).trim();
  }
  return value === '' ? null : value;
}

function personOf(line: string): Person {
  const match = /^(.*?) ?<([^>]*)>/.exec(line);
  return { name: clean(match?.[1] ?? '').slice(0, 200), email: clean(match?.[2] ?? '').slice(0, 320) };
}

/** A time before 1970 or after 9999, which Git stores without complaint, is taken to the nearer bound. */
function instantOf(line: string): string {
  const seconds = Number(/> (-?\d{1,15}) [+-]\d{4}$/.exec(line)?.[1] ?? 0);
  return new Date(Math.min(Math.max(seconds, 0), 253_402_300_799) * 1000).toISOString();
}

function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '');
}
