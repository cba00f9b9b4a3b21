import type { CliEnvironment } from '../config.ts';
import type { Io } from '../io.ts';
import { run } from '../run.ts';

export interface CliRun {
  readonly out: () => string;
  readonly err: () => string;
  readonly exitCode: Promise<number>;
  interrupt(): void;
}

export interface CliOptions {
  readonly env?: CliEnvironment;
  readonly cwd?: string;
  readonly color?: boolean;
  readonly width?: number;
  readonly terminal?: boolean;
}

export const now = new Date('2026-11-23T12:00:00.000Z');

/** `gitway` in this process, with a world of its own. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliRun {
  let out = '';
  let err = '';
  const interrupt = new AbortController();
  const io: Io = {
    out: (text) => (out += text),
    err: (text) => (err += text),
    color: options.color ?? false,
    terminal: options.terminal ?? false,
    interactive: false,
    width: options.width ?? 200,
    cwd: options.cwd ?? '/',
    env: options.env ?? {},
    now: () => now,
    interrupted: interrupt.signal,
  };
  return { out: () => out, err: () => err, exitCode: run(args, io), interrupt: () => interrupt.abort() };
}

export async function runCli(args: readonly string[], options: CliOptions = {}) {
  const running = startCli(args, options);
  const exitCode = await running.exitCode;
  return { exitCode, out: running.out(), err: running.err() };
}
