import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What in a person's clone is nowhere else, in words; null when nothing is. What cannot be judged counts as work. */
export function unpushedWork(folder: string): string | null {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return null;
  if (!existsSync(join(folder, '.git'))) return 'is no clone';
  const changed = git(folder, 'status', '--porcelain');
  // Branches, tags and stashes alike.
  const commits = git(folder, 'rev-list', '--all', '--not', '--remotes');
  if (changed === null || commits === null) return 'cannot be read by git';
  if (changed !== '') return 'holds changes that were not committed';
  return commits === '' ? null : 'holds commits that were not pushed';
}

function git(folder: string, ...args: string[]): string | null {
  const { status, stdout } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
