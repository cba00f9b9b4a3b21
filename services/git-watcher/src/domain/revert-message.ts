import { CAUSE_TRAILER, ENVIRONMENT_TRAILER } from './commit.ts';

export interface RevertReason {
  /** Subject line of the newest reverted commit. */
  readonly subject: string;
  readonly environment: string;
  readonly reverted: string;
  readonly restored: string;
  readonly reason: 'verdict' | 'command';
  readonly detail: string;
  /** Id of the event that caused it: the trailer by which Gitway knows its own commit. */
  readonly cause: string;
}

/** The message of a revert commit. Nothing that others wrote can add a line that would be read as a trailer. */
export function revertMessage(revert: RevertReason): string {
  const why = revert.reason === 'verdict' ? 'traffic got worse after it went live' : 'a person asked for it';
  return [
    `Revert "${oneLine(revert.subject, 120)}"`,
    '',
    `${revert.environment} was rolled back because ${why}: ${oneLine(revert.detail, 500)}`,
    '',
    `This takes back what ${revert.reverted} had`,
    `and ${revert.restored} had not. Commits after it stay.`,
    '',
    `${ENVIRONMENT_TRAILER}: ${oneLine(revert.environment, 63)}`,
    `${CAUSE_TRAILER}: ${oneLine(revert.cause, 100)}`,
    '',
  ].join('\n');
}

function oneLine(text: string, maxLength: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}
