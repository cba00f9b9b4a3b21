import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { TransientError } from '@gitway/errors';
import { backoffMs, restartBackoff } from './backoff.ts';
import { sizeOf, tail } from './log-files.ts';
import { forgetPid, notePid, signalGroup } from './orphans.ts';
import type { ProcessSpec } from './process-spec.ts';
import { describeProbe, probe } from './readiness.ts';
import { configurationFailure, startFailure } from './start-failure.ts';

export type ProcessState = 'stopped' | 'waiting' | 'starting' | 'ready' | 'stopping';

export interface ProcessSurroundings {
  readonly runDirectory: string;
  readonly logFile: string;
  /** Command and arguments put before the process's own, so that it gets this signal when the launcher dies. */
  readonly deathGuard: (signal: NodeJS.Signals) => readonly string[];
  readonly onEvent: (event: ProcessEvent) => void;
}

export interface ProcessEvent {
  readonly process: string;
  readonly kind: 'started' | 'ready' | 'exited';
  readonly detail: string;
}

const POLL_MS = 40;
/** A process that dies this often before it was ever ready will not come up by itself. */
const START_ATTEMPTS = 6;

/** One process kept alive: started when asked, restarted with back-off when it dies, ended when asked. */
export class ManagedProcess {
  state: ProcessState = 'stopped';
  restarts = 0;
  private child: ChildProcess | null = null;
  private wanted = false;
  private everReady = false;
  private failures = 0;
  private lastExit = 'it was not started';
  private refusedConfiguration = false;
  private logBegan = 0;
  private restartTimer: NodeJS.Timeout | null = null;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    readonly spec: ProcessSpec,
    private readonly around: ProcessSurroundings,
  ) {}

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  get logFile(): string {
    return this.around.logFile;
  }

  /** Starts it and resolves when it is ready. @throws TransientError with the end of its log when it does not get there. */
  async start(): Promise<void> {
    this.wanted = true;
    await this.waitForStartFile();
    this.spawn();
    await this.untilReady(this.spec.readyWithinMs);
  }

  /** Resolves when its readiness probe answers. @throws TransientError after `withinMs`, or when it keeps dying. */
  async untilReady(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    let why = 'it has not started';
    while (this.wanted) {
      if (this.child !== null) {
        const child = this.child;
        const outcome = await probe(this.spec.ready);
        if (outcome === null && this.child === child) {
          this.becameReady();
          return;
        }
        why = outcome ?? this.lastExit;
      } else why = this.lastExit;
      if (this.refusedConfiguration) {
        throw configurationFailure(this.spec.name, this.around.logFile, this.logBegan);
      }
      if (!this.everReady && this.failures >= START_ATTEMPTS) {
        throw startFailure(this.spec.name, `ended ${this.failures} times: ${this.lastExit}`, this.around.logFile);
      }
      if (Date.now() > deadline) {
        const waited = `was not ready within ${Math.round(withinMs / 1000)} s (${describeProbe(this.spec.ready)}): ${why}`;
        throw startFailure(this.spec.name, waited, this.around.logFile);
      }
      await pause(POLL_MS);
    }
    throw new TransientError('process-stopped', `${this.spec.name} was stopped while it started`);
  }

  /** Ends it, by force after its grace period, or at once with `now`. */
  async stop(now = false): Promise<void> {
    this.wanted = false;
    if (this.restartTimer !== null) clearTimeout(this.restartTimer);
    this.restartTimer = null;
    const { child } = this;
    if (child?.pid === undefined) {
      this.state = 'stopped';
      return;
    }
    this.state = 'stopping';
    if (now) signalGroup(child.pid, 'SIGKILL');
    else child.kill(this.spec.stop.signal);
    const pid = child.pid;
    const force = setTimeout(() => signalGroup(pid, 'SIGKILL'), this.spec.stop.graceMs);
    await this.exited;
    clearTimeout(force);
    this.state = 'stopped';
  }

  /** Sends a signal to it and all it started; the supervisor restarts what this ends. Resolves when it has ended by SIGKILL. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (this.child?.pid === undefined) return;
    const { exited } = this;
    signalGroup(this.child.pid, signal);
    if (signal === 'SIGKILL') await exited;
  }

  private async waitForStartFile(): Promise<void> {
    const file = this.spec.startWhenExists;
    if (file === undefined) return;
    this.state = 'waiting';
    const deadline = Date.now() + this.spec.readyWithinMs;
    while (!existsSync(file)) {
      if (!this.wanted) return;
      if (Date.now() > deadline) {
        throw startFailure(this.spec.name, `could not start: ${file} was not written`, this.around.logFile);
      }
      await pause(POLL_MS);
    }
  }

  private spawn(): void {
    if (!this.wanted) return;
    const { spec, around } = this;
    const [command, ...args] = [...around.deathGuard(spec.deathSignal ?? 'SIGKILL'), spec.command, ...spec.args] as [
      string,
      ...string[],
    ];
    this.logBegan = sizeOf(around.logFile);
    const log = openSync(around.logFile, 'a', 0o600);
    const out = spec.stdoutFile === undefined ? log : openSync(spec.stdoutFile, 'a', 0o640);
    // HAProxy clears O_APPEND on its standard output and would write over the file from its start; an appended line
    // moves the offset that it goes on from to the end.
    if (out !== log) writeSync(out, '\n');
    const stdio: StdioOptions = ['ignore', out, log];
    const startedAt = Date.now();
    this.state = 'starting';
    // A group of its own: Ctrl-C in a terminal reaches the launcher alone, which then stops its children in order.
    const child = spawn(command, args, {
      stdio,
      detached: true,
      env: { ...process.env, ...spec.env },
      ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
      ...(spec.user ?? {}),
    });
    this.child = child;
    closeSync(log);
    if (out !== log) closeSync(out);
    if (child.pid !== undefined) notePid(around.runDirectory, spec.name, child.pid);
    around.onEvent({ process: spec.name, kind: 'started', detail: `process ${child.pid ?? 'none'}` });
    this.exited = new Promise((resolve) => {
      const ended = (how: string, code: number | null = null) => {
        if (this.child !== child) return;
        this.child = null;
        this.lastExit = how;
        forgetPid(around.runDirectory, spec.name);
        // What it had started and left behind would hold its ports.
        if (child.pid !== undefined && this.wanted) signalGroup(child.pid, 'SIGKILL');
        resolve();
        this.refusedConfiguration = !this.everReady && code !== null && code === spec.usageExitCode;
        if (this.wanted && !this.refusedConfiguration) this.restartLater(Date.now() - startedAt);
      };
      child.once('error', (error) => ended(`it could not be run: ${error.message}`));
      child.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : `ended by ${signal}`, code));
    });
  }

  private restartLater(livedMs: number): void {
    this.failures = livedMs >= restartBackoff.stableAfterMs ? 1 : this.failures + 1;
    this.restarts += 1;
    this.state = 'waiting';
    const waitMs = backoffMs(this.failures, Math.random());
    this.around.onEvent({ process: this.spec.name, kind: 'exited', detail: `${this.lastExit}; again in ${waitMs} ms` });
    this.restartTimer = setTimeout(() => {
      this.restartTimer = null;
      this.spawn();
      if (this.everReady) void this.untilReady(this.spec.readyWithinMs).catch(() => this.restartStuck());
    }, waitMs);
  }

  /** It came back but not to work: end it, so that the next attempt begins from nothing. */
  private restartStuck(): void {
    if (this.wanted) void this.signal('SIGKILL');
  }

  private becameReady(): void {
    if (this.state === 'ready') return;
    this.state = 'ready';
    this.everReady = true;
    this.around.onEvent({ process: this.spec.name, kind: 'ready', detail: describeProbe(this.spec.ready) });
  }

  /** The end of its log, for a person who asks why. */
  lastLines(count = 10): string[] {
    return tail(this.around.logFile, count);
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
