import type { ReadinessProbe } from './readiness.ts';

/** Stages stop one after the other in this order; within a stage all at once. */
export const stopOrder = ['example', 'service', 'agent', 'gateway', 'server'] as const;
export type Stage = (typeof stopOrder)[number];

/** One process of the platform, declared. */
export interface ProcessSpec {
  /** Unique; names the log file too. */
  readonly name: string;
  readonly stage: Stage;
  readonly command: string;
  readonly args: readonly string[];
  /** Given on top of the launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Processes that have to be ready before its first start. A restart does not wait for them. */
  readonly dependsOn: readonly string[];
  /** Not started before this file exists. */
  readonly startWhenExists?: string;
  readonly ready: ReadinessProbe;
  readonly readyWithinMs: number;
  /** Asks it to end; after `graceMs` it is killed. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  /** What the kernel sends it when the launcher dies, where it can; SIGKILL by default. */
  readonly deathSignal?: 'SIGTERM' | 'SIGINT';
  /** Standard output is appended here and not to the log file. Its reader bounds its size. */
  readonly stdoutFile?: string;
  /** The exit code by which it says that its configuration is wrong: a first start that ends so is not tried again. */
  readonly usageExitCode?: number;
  /** Runs as this user and group (PostgreSQL never runs as root). */
  readonly user?: { readonly uid: number; readonly gid: number };
}
