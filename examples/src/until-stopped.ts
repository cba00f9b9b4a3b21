/** Prints one JSON line that says where the process listens, then waits for SIGTERM or SIGINT and stops it. */
export async function untilStopped(ready: Record<string, string>, stop: () => Promise<void>): Promise<void> {
  process.stdout.write(`${JSON.stringify({ level: 'info', message: 'ready', ...ready })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
  await stop();
}
