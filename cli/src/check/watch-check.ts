import { messageOf } from '@gitway/errors';
import { ChangeSignal } from './change-signal.ts';
import type { FolderCheck, FolderCheckResult } from './check-folder.ts';

/**
 * Checks a folder again whenever something in it changed, until `signal` aborts. What is wrong with the folder the first
 * time is thrown; what goes wrong later (it is renamed, it loses the environment) is told to `onProblem`, once, and
 * waited out.
 */
export async function watchCheck(
  check: FolderCheck,
  signal: AbortSignal,
  onResult: (result: FolderCheckResult) => Promise<void>,
  onProblem: (message: string) => void,
): Promise<void> {
  const changes = new ChangeSignal();
  let first = true;
  let problem: string | undefined;
  try {
    while (!signal.aborted) {
      try {
        const result = await check.runIfChanged();
        if (result !== undefined) {
          problem = undefined;
          await onResult(result);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (first) throw error;
        const message = messageOf(error);
        if (message !== problem) onProblem(message);
        problem = message;
      }
      first = false;
      if (changes.watch(check.folders)) continue;
      await changes.changed(signal);
    }
  } finally {
    changes.close();
  }
}
