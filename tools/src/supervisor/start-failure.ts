import { TransientError } from '@gitway/errors';
import { tail } from './log-files.ts';

/** Which process failed, why, where its log is, and the end of that log. */
export function startFailure(name: string, why: string, logFile: string): TransientError {
  const lines = tail(logFile, 8);
  const log =
    lines.length === 0 ? 'Its log is empty' : `Its log ends with:\n${lines.map((line) => `    ${line}`).join('\n')}\n `;
  return new TransientError('process-not-ready', `${name} ${why}.\n  ${log} (${logFile})`);
}
