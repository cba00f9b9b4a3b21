import { exitCodes, exitCodeOf, messageOf } from '@gitway/errors';
import { compileMeans } from './check/compile-means.ts';
import { loadCliEnvironment } from './config.ts';
import type { Io } from './io.ts';
import { widthOf } from './render/width.ts';
import { run } from './run.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => {
  interrupt.abort();
  process.once('SIGINT', () => process.exit(exitCodes.interrupted));
});
// `gitway events | head`: the reader has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : exitCodes.internal),
);

try {
  const env = loadCliEnvironment();
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0';
  const io: Io = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    color: env.NO_COLOR === undefined && (forced || process.stdout.isTTY),
    terminal: process.stdout.isTTY,
    interactive: process.stderr.isTTY,
    width: widthOf(env.COLUMNS, process.stdout),
    cwd: process.cwd(),
    env,
    now: () => new Date(),
    interrupted: interrupt.signal,
    openMeans: compileMeans(env),
  };
  process.exitCode = await run(process.argv.slice(2), io);
} catch (error) {
  process.stderr.write(`gitway: ${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
