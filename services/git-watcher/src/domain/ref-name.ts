import { InvalidInputError } from '@gitway/errors';

const MAX_LENGTH = 240;

/**
 * The full ref of a branch, by the rules of git check-ref-format, and stricter: no leading "-", nothing that a
 * refspec or a glob would read as its own. Source: https://git-scm.com/docs/git-check-ref-format
 *
 * @throws InvalidInputError `bad-branch`.
 */
export function branchRef(branch: string): string {
  const refused = problemOf(branch);
  if (refused !== null) {
    throw new InvalidInputError(
      'bad-branch',
      `${JSON.stringify(branch.slice(0, 80))} cannot be a branch: it ${refused}.`,
    );
  }
  return `refs/heads/${branch}`;
}

function problemOf(branch: string): string | null {
  if (branch === '') return 'is empty';
  if (branch.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  if (branch.startsWith('-')) return 'starts with "-", which git would take for an option';
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x20\x7f~^:?*[\\]/.test(branch)) return 'holds a space, a control character or one of ~ ^ : ? * [ \\';
  if (branch.includes('..') || branch.includes('@{') || branch === '@') return 'holds ".." or "@{"';
  if (branch.startsWith('/') || branch.endsWith('/') || branch.includes('//')) return 'has an empty part';
  if (branch.split('/').some((part) => part.startsWith('.') || part.endsWith('.lock'))) {
    return 'has a part that starts with "." or ends with ".lock"';
  }
  if (branch.endsWith('.')) return 'ends with "."';
  return null;
}
