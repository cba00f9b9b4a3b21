import { messageOf } from '@gitway/errors';

/**
 * An example as a process: starts it, prints one JSON line that says where it listens, and stops it on SIGTERM or
 * SIGINT. What keeps it from starting is told in words.
 */
export async function runUntilStopped<T extends { stop(): Promise<void> }>(
  start: () => Promise<T>,
  addresses: (running: T) => Record<string, string>,
): Promise<void> {
  let running: T;
  try {
    running = await start();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 2;
    return;
  }
  process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'ready', ...addresses(running) })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await running.stop();
}
