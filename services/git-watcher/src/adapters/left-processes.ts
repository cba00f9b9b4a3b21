import { readdir, readFile } from 'node:fs/promises';

/** Variable by which the processes of one call are known, since git's helpers outlive a git that is ended. */
export const CALL_VARIABLE = 'GITWAY_GIT_CALL';

/**
 * Ends what a git process that was ended has left behind: its helper would wait for the server on its own. Where there
 * is no /proc, the helper ends by git's own low-speed limit.
 */
export async function endProcessesOf(call: string): Promise<void> {
  const marker = Buffer.from(`${CALL_VARIABLE}=${call}\0`);
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`).catch(() => null);
      if (environment?.includes(marker) !== true || Number(pid) === process.pid) return;
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }),
  );
}
