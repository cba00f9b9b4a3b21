import { exitCodeOf, exitCodes, GitwayError, messageOf } from '@gitway/errors';
import { CommanderError } from 'commander';
import type { Io } from './io.ts';
import { buildProgram } from './program.ts';
import { painter } from './render/color.ts';
import { clean } from './render/text.ts';

/** One call of `gitway`, from its arguments to its exit code. Never throws. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = buildProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (io.interrupted.aborted) return exitCodes.interrupted;
    const paint = painter(io.color);
    io.err(`${paint('error', 'gitway:')} ${clean(messageOf(error))}\n`);
    if (error instanceof GitwayError) {
      for (const { field, message } of error.fields) io.err(`  ${clean(field)}: ${clean(message)}\n`);
    }
    return exitCodeOf(error);
  }
}
