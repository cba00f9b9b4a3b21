import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface LockOwner extends ProcessIdentity {
  /** What the owner says of itself, for the message to whoever comes second. */
  readonly note: string;
}

export type LockOutcome = { taken: true; release: () => void } | { taken: false; owner: LockOwner };

/**
 * Takes an exclusive lock for this process, or tells who has it. A lock whose owner died (even by kill -9, even
 * when its pid lives again as another process) counts as free.
 */
export function tryLock(file: string, note: string): LockOutcome {
  mkdirSync(dirname(file), { recursive: true });
  const own = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(own, JSON.stringify({ ...identityOf(process.pid), note }));
  try {
    for (;;) {
      try {
        linkSync(own, file);
        return { taken: true, release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = lockOwner(file);
      if (owner !== null) return { taken: false, owner };
      removeStale(file);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** The live owner of a lock; null when nobody holds it. */
export function lockOwner(file: string): LockOwner | null {
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as LockOwner;
    return Number.isInteger(owner.pid) && isRunning(owner) ? owner : null;
  } catch {
    return null;
  }
}

/** Renaming decides who removes it; a lock that somebody took in between is put back. */
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (lockOwner(aside) !== null) {
    try {
      linkSync(aside, file);
    } catch {
      // Taken by a third meanwhile; the caller looks again.
    }
  }
  rmSync(aside, { force: true });
}
