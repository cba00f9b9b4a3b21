import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { baseEnvironment, toolPath } from '../config.ts';
import { lastLines, ServerFailedError } from '../errors.ts';
import { findOnPath } from '../run.ts';
import type { ServerName } from '../server.ts';

export interface ChildSpec {
  readonly server: ServerName;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Appended to; holds stderr, and stdout unless `stdoutFile` is given. */
  readonly logFile: string;
  readonly stdoutFile?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks it to stop at once and in order. */
  readonly stopSignal: 'SIGTERM' | 'SIGINT';
}

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** False when it died without `stop()` having been called. */
  readonly expected: boolean;
  readonly logFile: string;
  readonly lastLines: readonly string[];
}

/** A running server process. */
export interface RunningServer {
  readonly server: ServerName;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves once, when the process is gone; never rejects. */
  readonly exited: Promise<ServerExit>;
  /** Asks it to stop, kills it after the deadline (10 s by default); resolves when it is gone. */
  stop(deadlineMs?: number): Promise<void>;
  /** Sends a signal, SIGKILL by default: a crash, as far as `exited` is concerned. */
  kill(signal?: NodeJS.Signals): void;
}

/**
 * Starts a server in a session of its own, so that a Ctrl-C in the terminal reaches only us and we stop servers in
 * order. It dies with this process: by the kernel on Linux (even after kill -9), else when this process exits.
 */
export function startPrivateChild(spec: ChildSpec): RunningServer {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = openSync(spec.logFile, 'a', 0o640);
  const out = spec.stdoutFile === undefined ? log : openSync(spec.stdoutFile, 'a', 0o640);
  // HAProxy clears O_APPEND on its standard output and would write over the file from its start; an appended line
  // moves the offset that it goes on from to the end.
  if (out !== log) writeSync(out, '\n');
  let child: ChildProcess;
  try {
    // Changing the user clears the death signal, so the user is changed by spawn and setpriv runs as that user.
    const [command = '', ...args] = [...deathSignalPrefix(spec.stopSignal), spec.command, ...spec.args];
    child = spawn(command, args, {
      cwd: spec.cwd,
      env: { ...baseEnvironment(), ...spec.env },
      stdio: ['ignore', out, log],
      detached: true,
      ...(spec.user ?? {}),
    });
  } finally {
    closeSync(log);
    if (out !== log) closeSync(out);
  }

  let stopping = false;
  const exited = new Promise<ServerExit>((resolve) => {
    const finish = (code: number | null, signal: NodeJS.Signals | null) => {
      running.delete(child);
      resolve({ code, signal, expected: stopping, logFile: spec.logFile, lastLines: lastLines(spec.logFile) });
    };
    child.once('exit', finish);
    child.once('error', () => {
      if (child.pid === undefined) finish(127, null);
    });
  });
  if (child.pid === undefined)
    throw new ServerFailedError(spec.server, `${spec.command} could not be started.`, spec.logFile);
  running.set(child, spec.stopSignal);
  stopWithThisProcess();

  const alive = () => child.exitCode === null && child.signalCode === null;
  return {
    server: spec.server,
    pid: child.pid,
    logFile: spec.logFile,
    exited,
    kill: (signal = 'SIGKILL') => {
      if (alive()) child.kill(signal);
    },
    stop: async (deadlineMs = 10_000) => {
      stopping = true;
      if (alive()) child.kill(spec.stopSignal);
      const abort = new AbortController();
      const deadline = delay(deadlineMs, 'late', { signal: abort.signal }).catch(() => 'late');
      if ((await Promise.race([exited, deadline])) === 'late' && alive()) child.kill('SIGKILL');
      abort.abort();
      await exited;
    },
  };
}

const running = new Map<ChildProcess, NodeJS.Signals>();
let hooked = false;

function stopWithThisProcess(): void {
  if (hooked) return;
  hooked = true;
  process.once('exit', () => {
    for (const [child, signal] of running) child.kill(signal);
  });
}

let prefixes: Map<string, string[]> | undefined;

function deathSignalPrefix(signal: 'SIGTERM' | 'SIGINT'): string[] {
  prefixes ??= new Map();
  let prefix = prefixes.get(signal);
  if (prefix === undefined) {
    const setpriv = process.platform === 'linux' ? findOnPath('setpriv', toolPath()) : null;
    const wanted = setpriv === null ? [] : [setpriv, '--pdeathsig', signal.replace('SIG', ''), '--'];
    const [command, ...args] = wanted;
    // Other implementations (BusyBox) have no such option.
    const works = command !== undefined && spawnSync(command, [...args, '/bin/true'], { stdio: 'ignore' }).status === 0;
    prefix = works ? wanted : [];
    prefixes.set(signal, prefix);
  }
  return prefix;
}

/**
 * Waits until `ready` answers true. Fails with the end of the log when the process is gone first or the time is over;
 * the process is then stopped. An error thrown by `ready` is final.
 */
export async function untilReady(
  process: RunningServer,
  ready: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let gone: ServerExit | undefined;
  void process.exited.then((exit) => (gone = exit));
  for (;;) {
    try {
      if (await ready()) return;
    } catch (error) {
      await process.stop(1_000);
      throw error;
    }
    if (gone !== undefined)
      throw new ServerFailedError(process.server, exitedMessage(process.server, gone), process.logFile);
    if (Date.now() > deadline) {
      await process.stop(1_000);
      throw new ServerFailedError(
        process.server,
        `${process.server} was not ready after ${timeoutMs} ms.`,
        process.logFile,
      );
    }
    await delay(20);
  }
}

/** One sentence on how a server ended, for a log or an error. */
export function exitedMessage(server: ServerName, exit: Pick<ServerExit, 'code' | 'signal'>): string {
  return exit.signal === null ? `${server} exited with code ${exit.code}.` : `${server} was killed by ${exit.signal}.`;
}
