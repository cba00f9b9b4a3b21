import { randomUUID } from 'node:crypto';
import { spawn } from 'node:child_process';
import { failureOf } from '../domain/git-failure.ts';
import { InternalError, TransientError } from '@gitway/errors';
import { simpleGit } from 'simple-git';
import { CALL_VARIABLE, endProcessesOf } from './left-processes.ts';
import { gitEnvironment, type RemoteAccess } from './git-environment.ts';

export interface GitOptions {
  /** An empty folder of our own: what git sees as home. */
  readonly home: string;
  /** Search path for the git binary. */
  readonly path: string;
}

export interface LocalCall {
  readonly cwd: string;
  readonly input?: string;
  /** Further variables, for example `GIT_AUTHOR_NAME`. */
  readonly env?: Record<string, string>;
  /** Exit codes besides 0 that are an answer and no failure. */
  readonly answers?: readonly number[];
  readonly maxOutputBytes?: number;
  readonly timeoutMs?: number;
}

/** What simple-git would refuse as unsafe from a caller's hands: here it is our own hardening, fixed in this folder. */
const ownEnvironment = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafeProtocolOverride: true,
} as const;

/** Runs git processes, always with a whole environment of our own and always with an end. */
export class Git {
  private readonly stopping = new AbortController();

  constructor(private readonly options: GitOptions) {}

  /** Ends what still waits for another machine; each ends with `git-stopped`. */
  stop(): void {
    this.stopping.abort();
  }

  /**
   * Speaks to another machine. Ends when nothing was heard for `silenceMs`, and after `timeoutMs` in any case.
   *
   * @param args options of ours first, then `--`, then what was validated before.
   * @param action for messages: "fetch".
   * @throws GitwayError as `failureOf` says.
   */
  async remote(
    args: readonly string[],
    call: { cwd: string; access: RemoteAccess; action: string; timeoutMs: number; silenceMs: number },
  ): Promise<string> {
    const id = randomUUID();
    const access = { ...call.access, silenceMs: call.silenceMs };
    const environment = { ...gitEnvironment({ ...this.options, access }), [CALL_VARIABLE]: id };
    const overdue = AbortSignal.timeout(call.timeoutMs);
    const git = simpleGit({
      baseDir: call.cwd,
      allowEnvironment: Object.keys(environment),
      unsafe: ownEnvironment,
      // Git's own low-speed limit comes first; this is for a git that does not keep it.
      timeout: { block: call.silenceMs + 1_000 },
      abort: AbortSignal.any([overdue, this.stopping.signal]),
      errors: (error, result) =>
        error ?? (result.exitCode === 0 ? undefined : Buffer.concat([...result.stdErr, ...result.stdOut])),
    }).env(environment);
    try {
      return await git.raw([...args]);
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const silent = /block timeout reached|Operation too slow|Operation timed out|Connection timed out/i.test(said);
      if (silent || this.stopping.signal.aborted || overdue.aborted) await endProcessesOf(id);
      if (this.stopping.signal.aborted) throw new TransientError('git-stopped', 'The service is being stopped.');
      if (silent || overdue.aborted) {
        throw new TransientError(
          'git-timeout',
          `Git could not ${call.action}: ${call.access.remote.display} did not answer in time; it is tried again.`,
        );
      }
      throw failureOf(call.action, said);
    }
  }

  /** Reads or writes the local object store. @returns standard output and the exit code (0 or one of `answers`). */
  async local(args: readonly string[], call: LocalCall): Promise<{ output: string; code: number }> {
    const maxOutputBytes = call.maxOutputBytes ?? 1024 * 1024;
    const chunks: Buffer[] = [];
    let length = 0;
    const code = await this.stream(args, call, (chunk) => {
      length += chunk.length;
      if (length > maxOutputBytes) throw new InternalError('git-output', `git ${args[0]} printed too much`);
      chunks.push(chunk);
    });
    return { output: Buffer.concat(chunks).toString('utf8'), code };
  }

  /** As `local`, with the output handed over as it comes. An error of `onOutput` ends the process and is thrown. */
  async stream(args: readonly string[], call: LocalCall, onOutput: (chunk: Buffer) => void): Promise<number> {
    const child = spawn('git', args, {
      cwd: call.cwd,
      env: { ...gitEnvironment({ ...this.options, access: null }), ...call.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: call.timeoutMs ?? 60_000,
      killSignal: 'SIGKILL',
    });
    let said = '';
    let failure: unknown;
    child.stdout.on('data', (chunk: Buffer) => {
      if (failure !== undefined) return;
      try {
        onOutput(chunk);
      } catch (error) {
        failure = error;
        child.kill('SIGKILL');
      }
    });
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    child.stdin.on('error', () => {});
    child.stdin.end(call.input ?? '');
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) =>
        reject(new InternalError('git-missing', `git cannot be run (${error.message}); install git.`)),
      );
      child.once('close', resolve);
    });
    if (failure !== undefined) throw failure;
    if (code === 0 || (code !== null && call.answers?.includes(code) === true)) return code;
    throw failureOf(`read its mirror (${args[0]})`, said);
  }

  /** The process behind an `ObjectReader`. */
  spawnObjectReader(cwd: string) {
    return spawn('git', ['cat-file', '--batch'], {
      cwd,
      env: gitEnvironment({ ...this.options, access: null }),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }
}
