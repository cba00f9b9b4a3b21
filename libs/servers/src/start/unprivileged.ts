import { createHash } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Run } from '../run.ts';

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Whom Postgres runs as when we are root: `postgres` where the system has it, else `nobody`. Null when not root. */
export function unprivilegedUser(
  uid = process.getuid?.(),
  passwd = () => readFileSync('/etc/passwd', 'utf8'),
): User | null {
  if (uid !== 0) return null;
  const users = passwd()
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody', '_postgres']) {
    const fields = users.find((user) => user[0] === name);
    if (fields !== undefined && Number(fields[2]) > 0) return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
  }
  // Ids need no entry in the user database to run a process; initdb alone wants a name.
  return { name: 'nobody', uid: 65_534, gid: 65_534 };
}

/** Whether that user may enter a folder, through all its parents. */
export async function canEnter(folder: string, user: User, run: Run): Promise<boolean> {
  const result = await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: user.uid, gid: user.gid });
  return result.code === 0;
}

/** Folders, best first, where an unprivileged user can be given one: kept over a restart of the machine, and not. */
export const reachableRoots: readonly string[] = ['/var/lib/gitway', join(tmpdir(), 'gitway-0')];

/**
 * A folder that `user` can enter, for data that belongs at `wanted`. Where the way to `wanted` is closed to that user
 * (a repository below /root), a folder outside is made, named by a hash of `wanted`, and `wanted` becomes a link to it.
 */
export async function reachableFolder(
  wanted: string,
  user: User,
  run: Run,
  roots: readonly string[] = reachableRoots,
): Promise<{ folder: string; relocated: boolean }> {
  if (existsSync(wanted) && (await canEnter(realpathSync(wanted), user, run)))
    return { folder: realpathSync(wanted), relocated: lstatSync(wanted).isSymbolicLink() };
  mkdirSync(dirname(wanted), { recursive: true });
  if (!existsSync(wanted) && (await canEnter(dirname(wanted), user, run))) {
    rmSync(wanted, { force: true });
    return { folder: wanted, relocated: false };
  }
  // Data of another user behind an open way: whoever starts Postgres hands it over.
  if (existsSync(wanted) && (await canEnter(dirname(realpathSync(wanted)), user, run)))
    return { folder: realpathSync(wanted), relocated: lstatSync(wanted).isSymbolicLink() };
  if (existsSync(wanted) && !lstatSync(wanted).isSymbolicLink())
    throw new Error(`${wanted} exists and ${user.name} cannot enter it; make its parent folders executable for others`);
  for (const root of roots) {
    const folder = join(root, createHash('sha256').update(wanted).digest('hex').slice(0, 16));
    try {
      makeOwnFolder(root);
    } catch {
      continue;
    }
    if (!(await canEnter(root, user, run))) continue;
    rmSync(wanted, { force: true });
    symlinkSync(folder, wanted);
    return { folder, relocated: true };
  }
  throw new Error(`${user.name} can enter neither ${dirname(wanted)} nor any of ${roots.join(', ')}`);
}

/** Makes a folder that others may enter and not change; refuses one that somebody else put there. */
export function makeOwnFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0)
    throw new Error(`${folder} is not a folder of ours`);
}

/** Removes the data of a Postgres and, where its folder is a link to data, what the link points to. */
export function removeServerData(dataDir: string): void {
  const linked = lstatSync(dataDir, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (linked && existsSync(join(dataDir, 'PG_VERSION')))
    rmSync(realpathSync(dataDir), { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Creates a folder that only `user` may open. */
export function makePrivateFolder(folder: string, user: User | null): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user !== null) chownSync(folder, user.uid, user.gid);
}
