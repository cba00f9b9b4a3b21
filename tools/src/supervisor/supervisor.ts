import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { InvalidInputError, NotFoundError } from '@gitway/errors';
import { rotateWhenLarge } from './log-files.ts';
import { ManagedProcess, type ProcessEvent } from './managed-process.ts';
import { stopOrder, type ProcessSpec } from './process-spec.ts';

export interface SupervisorOptions {
  readonly runDirectory: string;
  readonly logDirectory: string;
  readonly onEvent: (event: ProcessEvent) => void;
}

const ROTATE_EVERY_MS = 10_000;

/** Starts processes in the order of their dependencies, keeps them alive, and stops them stage by stage. */
export class Supervisor {
  private readonly processes = new Map<string, ManagedProcess>();
  private readonly starts = new Map<string, Promise<void>>();
  private readonly rotation: NodeJS.Timeout;
  private readonly deathGuard = findDeathGuard();

  constructor(private readonly options: SupervisorOptions) {
    mkdirSync(options.runDirectory, { recursive: true });
    mkdirSync(options.logDirectory, { recursive: true });
    this.rotation = setInterval(() => {
      for (const process of this.processes.values()) rotateWhenLarge(process.logFile);
    }, ROTATE_EVERY_MS);
    this.rotation.unref();
  }

  /** Starts all of these, each as soon as what it depends on is ready. @throws the first failure. */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    for (const spec of specs) this.add(spec);
    for (const spec of specs) {
      for (const name of spec.dependsOn) {
        if (!this.processes.has(name)) {
          throw new InvalidInputError('process-table', `${spec.name} depends on ${name}, which is not in the table`);
        }
      }
    }
    await Promise.all(specs.map((spec) => this.startAfterDependencies(spec, [])));
  }

  list(): readonly ManagedProcess[] {
    return [...this.processes.values()];
  }

  /** @throws NotFoundError */
  get(name: string): ManagedProcess {
    const process = this.processes.get(name);
    if (process === undefined) {
      throw new NotFoundError(
        'process',
        `no process is called "${name}"; there are: ${[...this.processes.keys()].join(', ')}`,
      );
    }
    return process;
  }

  /** Stops everything in order; with `now` everything at once and by force. */
  async stop(now = false): Promise<void> {
    clearInterval(this.rotation);
    if (now) {
      await Promise.all(this.list().map((process) => process.stop(true)));
      return;
    }
    for (const stage of stopOrder) {
      await Promise.all(
        this.list()
          .filter((process) => process.spec.stage === stage)
          .map((process) => process.stop()),
      );
    }
  }

  private add(spec: ProcessSpec): void {
    if (this.processes.has(spec.name)) {
      throw new InvalidInputError('process-table', `two processes are called "${spec.name}"`);
    }
    const { runDirectory, logDirectory, onEvent } = this.options;
    const logFile = join(logDirectory, `${spec.name}.log`);
    this.processes.set(
      spec.name,
      new ManagedProcess(spec, { runDirectory, logFile, deathGuard: this.deathGuard, onEvent }),
    );
  }

  private startAfterDependencies(spec: ProcessSpec, path: readonly string[]): Promise<void> {
    if (path.includes(spec.name)) {
      throw new InvalidInputError('process-table', `${[...path, spec.name].join(' → ')} wait for each other`);
    }
    const known = this.starts.get(spec.name);
    if (known !== undefined) return known;
    const dependencies = spec.dependsOn.map((name) =>
      this.startAfterDependencies(this.get(name).spec, [...path, spec.name]),
    );
    const start = Promise.all(dependencies).then(() => this.get(spec.name).start());
    this.starts.set(spec.name, start);
    return start;
  }
}

/** Linux: the kernel signals the child when the launcher dies (prctl PR_SET_PDEATHSIG). Elsewhere the next start ends it. */
export function findDeathGuard(path = process.env['PATH'] ?? ''): (signal: NodeJS.Signals) => readonly string[] {
  if (process.platform !== 'linux') return () => [];
  const folders = [...path.split(delimiter), '/usr/bin', '/bin'];
  const folder = folders.find((candidate) => candidate !== '' && existsSync(join(candidate, 'setpriv')));
  if (folder === undefined) return () => [];
  const setpriv = join(folder, 'setpriv');
  // Other implementations (BusyBox) have no such option.
  const works = spawnSync(setpriv, ['--pdeathsig', 'KILL', '--', 'true'], { stdio: 'ignore' }).status === 0;
  return works ? (signal) => [setpriv, '--pdeathsig', signal.slice(3), '--'] : () => [];
}
