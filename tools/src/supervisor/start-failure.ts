import { InvalidInputError, TransientError } from '@gitway/errors';
import { linesSince, tail } from './log-files.ts';

/** Which process failed, why, where its log is, and the end of that log. */
export function startFailure(name: string, why: string, logFile: string): TransientError {
  const lines = tail(logFile, 8);
  const log =
    lines.length === 0 ? 'Its log is empty' : `Its log ends with:\n${lines.map((line) => `    ${line}`).join('\n')}\n `;
  return new TransientError('process-not-ready', `${name} ${why}.\n  ${log} (${logFile})`);
}

/** It says itself what is wrong with its configuration: these lines, and where they stand. */
export function configurationFailure(name: string, logFile: string, since: number): InvalidInputError {
  const said = linesSince(logFile, since).map((line) => `\n  ${line}`);
  return new InvalidInputError(
    'process-configuration',
    `${name} refuses its configuration:${said.join('')}\n  (${logFile})`,
  );
}
