import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

/**
 * A note per child in `<run>/<name>.pid`, so that the next start can end what a killed launcher left behind, where
 * the system could not do it at once (setpriv --pdeathsig).
 */
export function notePid(runDirectory: string, name: string, pid: number): void {
  writeFileSync(join(runDirectory, `${name}.pid`), JSON.stringify(identityOf(pid)));
}

export function forgetPid(runDirectory: string, name: string): void {
  rmSync(join(runDirectory, `${name}.pid`), { force: true });
}

/** Ends children of an earlier launcher, verified by start time, with all of their process group. Returns their names. */
export async function endOrphans(runDirectory: string, graceMs = 5_000): Promise<string[]> {
  const orphans: { name: string; identity: ProcessIdentity }[] = [];
  for (const file of readdirSync(runDirectory).filter((name) => name.endsWith('.pid'))) {
    const path = join(runDirectory, file);
    const identity = readIdentity(path);
    if (identity !== null && isRunning(identity)) orphans.push({ name: file.slice(0, -4), identity });
    else rmSync(path, { force: true });
  }
  for (const { identity } of orphans) signalGroup(identity.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (orphans.some(({ identity }) => isRunning(identity)) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  for (const { name, identity } of orphans) {
    if (isRunning(identity)) signalGroup(identity.pid, 'SIGKILL');
    forgetPid(runDirectory, name);
  }
  return orphans.map(({ name }) => name);
}

/** Every child leads a process group of its own. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group: then the process alone, or nothing is left to signal.
    }
  }
}

function readIdentity(path: string): ProcessIdentity | null {
  try {
    const identity = JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
    return Number.isInteger(identity.pid) && identity.startedAt !== null ? identity : null;
  } catch {
    return null;
  }
}
