import type { Reported } from '@gitway/contracts';
import { type Beat, ProgressMonitor } from '@gitway/http';
import { type JobQueue, JobQueues } from '@gitway/jobs';
import { GatewayStates, type StopWatching } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock, CONFIG } from '@gitway/service';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { DeploymentRow, EnvironmentRow } from '../adapters/entities.ts';
import type { DeployerConfig } from '../config.ts';
import { DecideEnvironment } from './decide-environment.ts';
import { GatewayBook } from './gateway-book.ts';
import { ReconcileDesired } from './reconcile-desired.ts';

/** Every so many sweeps all environments are looked at, not only those whose time has come. */
const FULL_SWEEP = 5;
/** A timer that fires a moment early would find nothing to do. */
const WAKE_MARGIN_MS = 5;
const log = logger('watch');

/**
 * What makes the deployer move besides facts: reports of gateways, timers, what an environment means for those that
 * promote from it, and a sweep for whatever was lost of these.
 */
@Injectable()
export class KeepWatch implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private readonly wakes: JobQueue<{ environment: string }>;
  private readonly scheduled = new Map<string, number>();
  private stopWatching: StopWatching | null = null;
  private beat: Beat | null = null;
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> = Promise.resolve();
  private sweeps = 0;
  private isStopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: DeployerConfig,
    private readonly dataSource: DataSource,
    private readonly states: GatewayStates,
    private readonly decisions: DecideEnvironment,
    private readonly desired: ReconcileDesired,
    private readonly book: GatewayBook,
    private readonly clock: Clock,
    private readonly progress: ProgressMonitor,
    queues: JobQueues,
  ) {
    this.wakes = queues.queue('wake');
    this.wakes.process(({ environment }) => this.decisions.look(environment), { concurrency: 4 });
    this.decisions.onDecided((environment, { wakeAt }) => {
      if (this.isStopped) return;
      void this.desired.environment(environment);
      void this.wake(environment, wakeAt);
      void this.lookAtChildren(environment);
    });
  }

  /** What the gateways say is known before the first fact is handled. */
  async onModuleInit(): Promise<void> {
    try {
      for (const reported of await this.states.listReported()) this.book.note(reported);
    } catch (error) {
      log.warn({ err: error }, 'the gateways’ reports cannot be read yet; the watch will bring them');
    }
    this.stopWatching = await this.states.watchReported((reported) => this.onReported(reported));
  }

  onApplicationBootstrap(): void {
    this.beat = this.progress.beat('sweep', Math.max(60_000, this.config.GITWAY_SWEEP_INTERVAL * 10));
    this.sweepLater(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.beat?.stop();
    await this.stopWatching?.();
    await this.sweeping;
  }

  private onReported(reported: Reported): void {
    if (this.isStopped || !this.book.note(reported)) return;
    const { environment, gateway, generation } = reported;
    if (this.book.isWriteKnown(environment, gateway, generation)) void this.decisions.look(environment);
    else void this.learnWrite(environment, gateway, generation).then(() => this.decisions.look(environment));
  }

  /** Another replica wrote `desired`: when, is told with the deployment. */
  private async learnWrite(environment: string, gateway: string, generation: number): Promise<void> {
    const desired = await this.states.getDesired(environment, gateway).catch(() => null);
    if (desired?.value.generation !== generation) return;
    this.book.noteWritten(environment, gateway, generation, Date.parse(desired.value.writtenAt));
  }

  private async wake(environment: string, wakeAt: number | null): Promise<void> {
    if (wakeAt === null || this.scheduled.get(environment) === wakeAt) return;
    this.scheduled.set(environment, wakeAt);
    const delayMs = Math.max(0, wakeAt - this.clock.now().getTime()) + WAKE_MARGIN_MS;
    try {
      await this.wakes.add({ environment }, { delayMs, jobId: `${environment}-${wakeAt}` });
    } catch (error) {
      log.warn({ err: error, environment }, 'no timer could be set; the sweep will look in time');
    }
  }

  private async lookAtChildren(environment: string): Promise<void> {
    try {
      const rows = await this.dataSource.manager.findBy(DeploymentRow, {
        promoteFrom: environment,
        // What is live has a say in the gate of what waits.
        state: In(['waiting', 'awaiting-approval', 'live']),
      });
      await Promise.all([...new Set(rows.map((row) => row.environment))].map((name) => this.decisions.look(name)));
    } catch (error) {
      log.warn({ err: error, environment }, 'environments that promote from it could not be found; the sweep will');
    }
  }

  private sweepLater(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep()
        .catch((error: unknown) => log.warn({ err: error }, 'the sweep could not be finished'))
        .then(() => {
          this.beat?.tick();
          if (!this.isStopped) this.sweepLater(this.config.GITWAY_SWEEP_INTERVAL);
        });
    }, delayMs);
    this.timer.unref();
  }

  /** Finds lost wake-ups, lost desired keys and missed reports. */
  private async sweep(): Promise<void> {
    const isFull = this.sweeps % FULL_SWEEP === 0;
    this.sweeps += 1;
    if (isFull) for (const reported of await this.states.listReported()) this.onReported(reported);
    const due = this.dataSource.manager.createQueryBuilder(EnvironmentRow, 'e');
    if (!isFull) due.where('e.wakeAt <= :now', { now: this.clock.now() });
    for (const { name } of await due.getMany()) {
      if (this.isStopped) return;
      await this.decisions.look(name);
    }
    await this.desired.allEnvironments();
  }
}
