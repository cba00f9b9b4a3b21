import { InvalidInputError } from '@gitway/errors';
import type { Command } from 'commander';
import { findConnection } from '../client/connection.ts';
import { ConsoleClient } from '../client/console-client.ts';
import type { Io } from '../io.ts';
import { painter, type Paint } from '../render/color.ts';

/** What every command is given. */
export interface Context {
  readonly io: Io;
  setExitCode(code: number): void;
}

export interface GlobalOptions {
  readonly url?: string;
  readonly token?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly requestTimeout: number;
}

export const globalsOf = (command: Command): GlobalOptions => command.optsWithGlobals();

export function clientOf(command: Command, { io }: Context): ConsoleClient {
  const { url, token, requestTimeout } = globalsOf(command);
  return new ConsoleClient(findConnection({ url, token }, io.env, io.cwd), requestTimeout, io.interrupted);
}

export const paintOf = (command: Command, { io }: Context): Paint =>
  painter(globalsOf(command).color !== false && io.color);

/** With `--json`: the answer as JSON, one document. Otherwise what `render` makes of it. */
export function show(command: Command, { io }: Context, value: unknown, render: () => string): void {
  io.out(globalsOf(command).json === true ? `${JSON.stringify(value, null, 2)}\n` : render());
}

/** Milliseconds of `250ms`, `30s`, `5m`. */
export function durationArgument(text: string): number {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text);
  if (match === null) throw new InvalidInputError('bad-duration', `${text} is not a duration: write 500ms, 30s or 5m.`);
  return Number(match[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as 'ms' | 's' | 'm' | 'h'];
}

export function numberArgument(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= min && value <= max)) {
      throw new InvalidInputError('bad-number', `${text} must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

/** Examples below a command's help. */
export const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`;
