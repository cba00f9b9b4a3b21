import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConflictError, InvalidInputError } from '@gitway/errors';
import { removeServerData } from '@gitway/servers';
import { endOrphans } from '../supervisor/orphans.ts';
import { lockOwner, tryLock } from '../supervisor/process-lock.ts';
import { defaultStateDir } from './layout.ts';
import { StateDirectory } from './state-directory.ts';
import { unpushedWork } from './unpushed-work.ts';

export const resetHelp = `npm run reset [-- --dir <folder>] [--all]

Forgets everything that a platform keeps in .gitway (or the folder): databases, streams, repositories, logs, ports and
secrets, and the clone my-apis in it. Downloaded servers are kept. Refuses while the platform runs, and while that clone
holds work that was not pushed; with --all that work goes too.

  npm run reset
  npm run reset -- --dir /tmp/other
  npm run reset -- --all
`;

/** Kept: what costs a download, and the lock of whoever prepares this checkout. */
const kept = new Set(['cache', 'bootstrap.lock']);

/** @returns the exit code */
export async function resetCommand(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'string' },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) {
    process.stdout.write(resetHelp);
    return 0;
  }
  const state = new StateDirectory(values.dir ?? defaultStateDir);
  await reset(state, { all: values.all });
  process.stdout.write(`forgot the state in ${state.path}\n`);
  return 0;
}

/** @throws ConflictError while a platform runs from there, or (without `all`) while a person's clone holds work of its own */
export async function reset(state: StateDirectory, { all = false } = {}): Promise<void> {
  if (!existsSync(state.path)) return;
  const foreign = state.path !== defaultStateDir && readdirSync(state.path).length > 0 && !existsSync(state.secrets);
  if (foreign) {
    throw new InvalidInputError(
      'not-a-state-directory',
      `${state.path} holds no platform's state: nothing was removed.`,
    );
  }
  const owner = lockOwner(state.lock);
  const lock = owner === null ? tryLock(state.lock, 'a reset') : null;
  if (lock === null || !lock.taken) {
    const pid = owner?.pid ?? (lock !== null && !lock.taken ? lock.owner.pid : 0);
    throw new ConflictError(
      'platform-running',
      `the platform of ${state.path} runs (process ${pid}): stop it first, with Ctrl-C where it was started or with: kill ${pid}`,
    );
  }
  try {
    const work = all ? null : unpushedWork(state.userClone);
    if (work !== null) {
      throw new ConflictError(
        'unpushed-work',
        `${state.userClone} ${work}: nothing was removed. Move it elsewhere, or remove it with the rest: npm run reset -- --all`,
      );
    }
    if (existsSync(state.run)) await endOrphans(state.run);
    removeServerData(join(state.data, 'postgres'));
    for (const name of readdirSync(state.path)) {
      if (!kept.has(name) && join(state.path, name) !== state.lock)
        rmSync(join(state.path, name), { recursive: true, force: true });
    }
  } finally {
    lock.release();
  }
}
