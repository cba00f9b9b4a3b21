import { randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `<tmp>/gitway-test-<uid>`: everything that tests keep; others may pass through it and not look into it. */
export function testRoot(): string {
  const uid = process.getuid?.() ?? 0;
  const root = join(tmpdir(), `gitway-test-${uid}`);
  mkdirSync(root, { recursive: true, mode: 0o711 });
  const stat = lstatSync(root);
  if (!stat.isDirectory() || (process.getuid !== undefined && stat.uid !== uid))
    throw new Error(`${root} belongs to somebody else`);
  chmodSync(root, 0o711);
  return root;
}

/** A folder of this process for one suite. Folders of processes that were killed are removed on the way. */
export function makeSuiteFolder(): string {
  const root = testRoot();
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
