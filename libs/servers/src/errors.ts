import { readFileSync } from 'node:fs';
import { InternalError, NotFoundError } from '@gitway/errors';
import type { ServerName } from './server.ts';

/** No way led to a program for this server. The message names what to install and the command that does it. */
export class ServerNotFoundError extends NotFoundError {
  readonly server: ServerName;
  /** Why each way failed, in the order tried. */
  readonly attempts: readonly string[];

  constructor(server: ServerName, advice: string, attempts: readonly string[]) {
    const tried = attempts.map((attempt) => `  - ${attempt}`).join('\n');
    super('server-not-found', tried === '' ? advice : `${advice}\nTried:\n${tried}`);
    this.server = server;
    this.attempts = attempts;
  }
}

/** A server did not start, or died. The message carries the path and the last lines of its log. */
export class ServerFailedError extends InternalError {
  readonly server: ServerName;
  readonly logFile: string;

  constructor(server: ServerName, what: string, logFile: string, options?: { cause?: unknown }) {
    const lines = lastLines(logFile);
    const tail = lines.length === 0 ? 'The log is empty.' : `Its last lines:\n${lines.map((l) => `  ${l}`).join('\n')}`;
    super('server-failed', `${what} Its log: ${logFile}. ${tail}`, options);
    this.server = server;
    this.logFile = logFile;
  }
}

/** The end of a log file, at most `count` lines and 16 KB; empty when there is none. */
export function lastLines(file: string, count = 15): string[] {
  try {
    const content = readFileSync(file);
    const text = content.subarray(Math.max(0, content.length - 16_384)).toString('utf8');
    return text
      .trimEnd()
      .split('\n')
      .slice(-count)
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}
