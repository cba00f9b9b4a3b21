import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memoryFolder = '/dev/shm';
const neededInMemoryBytes = 2 * 1024 ** 3;

/** `<tmp>/gitway-test-<uid>`: everything that tests keep; others may pass through it and not look into it. */
export function testRoot(): string {
  return ownFolder(tmpdir());
}

/** The same for data of servers, in memory where there is room: Postgres makes a thousand files at each start. */
export function serverRoot(): string {
  return ownFolder(hasRoom() ? memoryFolder : tmpdir());
}

function ownFolder(parent: string): string {
  const uid = process.getuid?.() ?? 0;
  const root = join(parent, `gitway-test-${uid}`);
  mkdirSync(root, { recursive: true, mode: 0o711 });
  const stat = lstatSync(root);
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== uid))
    throw new Error(`${root} belongs to somebody else`);
  chmodSync(root, 0o711);
  return root;
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memoryFolder);
    return process.platform === 'linux' && bavail * bsize >= neededInMemoryBytes;
  } catch {
    return false;
  }
}

/** A folder of this process for one suite. Folders of processes that were killed are removed on the way. */
export function makeSuiteFolder(root: string = testRoot()): string {
  for (const name of readdirSync(root)) {
    const pid = /^suite-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
  const folder = join(root, `suite-${process.pid}-${randomUUID().slice(0, 8)}`);
  mkdirSync(folder, { mode: 0o711 });
  return folder;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
