import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { baseEnvironment } from './config.ts';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to a minimal environment (PATH, HOME, proxy settings, LC_ALL=C). */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export interface RunResult {
  /** Exit code; 127 when the program could not be started, 124 when it took too long. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; never throws. The one way by which this library asks other programs, so specs can fake it. */
export type Run = (command: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

export const run: Run = (command, args, options = {}) =>
  new Promise((resolve) => {
    const identity = options.uid === undefined ? {} : { uid: options.uid, gid: options.gid ?? options.uid };
    execFile(
      command,
      [...args],
      {
        cwd: options.cwd ?? '/',
        env: { ...baseEnvironment(), ...options.env },
        timeout: options.timeoutMs ?? 30_000,
        killSignal: 'SIGKILL',
        maxBuffer: 16 * 1024 * 1024,
        encoding: 'utf8',
        ...identity,
      },
      (error, stdout, stderr) => {
        if (error === null) return resolve({ code: 0, stdout, stderr });
        if (error.killed === true) return resolve({ code: 124, stdout, stderr: `${stderr}${command}: timed out` });
        const code = typeof error.code === 'number' ? error.code : 127;
        resolve({ code, stdout, stderr: stderr === '' ? error.message : stderr });
      },
    );
  });

/** The first executable file of that name on a PATH, or null. Relative folders in the PATH are not looked into. */
export function findOnPath(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    const file = join(folder, name);
    if (isExecutable(file)) return file;
  }
  return null;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
