import { type Beat, ProgressMonitor } from '@gitway/http';
import { counter, currentTraceparent, logger, withSpan } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Mirrors } from '../adapters/mirrors.ts';
import { SourceStore } from '../adapters/source-store.ts';
import { nextPollMs } from '../domain/poll-schedule.ts';
import type { Source } from '../domain/source.ts';
import { SourceRegistry } from '../domain/source-registry.ts';
import type { Trigger } from './report-commit.ts';
import { SyncSource } from './sync-source.ts';

interface Watch {
  readonly source: Source;
  readonly beat: Beat;
  running: Promise<void> | null;
  /** The one sync that waits; whatever comes meanwhile is covered by it. */
  waiting: (Trigger & { readonly traceparent: string | null }) | null;
  failures: number;
  timer: NodeJS.Timeout | null;
}

const DAY_MS = 86_400_000;
/** A forge repeats a delivery within hours; after this nobody does. */
const deliveriesKeptMs = 7 * DAY_MS;
const stuckAfterMs = 20 * 60_000;

const log = logger('watch');
const syncs = counter('gitway_source_syncs_total', 'Times that a repository was asked');

/** Asks every source regularly, and at once when a webhook hints at news: one ask in flight and one waiting each. */
@Injectable()
export class WatchSources implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly watches = new Map<string, Watch>();
  private housekeeping: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly registry: SourceRegistry,
    private readonly syncSource: SyncSource,
    private readonly mirrors: Mirrors,
    private readonly store: SourceStore,
    private readonly progress: ProgressMonitor,
    private readonly clock: Clock,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.mirrors.cleanUp();
    for (const source of this.registry.sources) {
      const beat = this.progress.beat(`source ${source.name}`, stuckAfterMs + 2 * source.pollIntervalMs);
      const watch: Watch = { source, beat, running: null, waiting: null, failures: 0, timer: null };
      this.watches.set(source.name, watch);
      this.ask(source, 'poll');
    }
    this.housekeeping = setInterval(() => {
      const before = new Date(this.clock.now().getTime() - deliveriesKeptMs);
      this.store.forgetDeliveries(before).catch((error: unknown) => log.warn({ err: error }, 'housekeeping failed'));
    }, DAY_MS / 24);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.housekeeping) clearInterval(this.housekeeping);
    for (const watch of this.watches.values()) {
      if (watch.timer) clearTimeout(watch.timer);
      watch.waiting = null;
      watch.beat.stop();
    }
    this.mirrors.stop();
    for (const { running } of this.watches.values()) await running;
  }

  /** Asks the repository now, or as soon as the ask that is in flight has ended. Returns at once. */
  ask(source: Source, kind: Trigger['kind'], receivedAt = this.clock.now()): void {
    const watch = this.watches.get(source.name);
    if (watch === undefined || this.stopped) return;
    const trigger = { kind, receivedAt, traceparent: currentTraceparent() };
    if (watch.running === null) {
      watch.running = this.turn(watch, trigger);
    } else if (watch.waiting === null || (watch.waiting.kind === 'poll' && kind === 'webhook')) {
      watch.waiting = trigger;
    }
  }

  private async turn(watch: Watch, first: NonNullable<Watch['waiting']>): Promise<void> {
    for (let trigger: Watch['waiting'] = first; trigger !== null && !this.stopped;) {
      watch.waiting = null;
      await this.sync(watch, trigger);
      watch.beat.tick();
      trigger = watch.waiting;
    }
    watch.running = null;
    this.schedule(watch);
  }

  private async sync(watch: Watch, trigger: NonNullable<Watch['waiting']>): Promise<void> {
    syncs.add(1, { trigger: trigger.kind });
    try {
      watch.failures = await withSpan(
        `sync ${watch.source.name}`,
        () => this.syncSource.run(watch.source, trigger),
        trigger.traceparent === null ? {} : { traceparent: trigger.traceparent },
      );
    } catch (error) {
      watch.failures += 1;
      if (!this.stopped) log.error({ source: watch.source.name, err: error }, 'the sync failed; it is tried again');
    }
  }

  private schedule(watch: Watch): void {
    if (this.stopped) return;
    if (watch.timer) clearTimeout(watch.timer);
    const delayMs = nextPollMs(watch.source.pollIntervalMs, watch.failures, Math.random());
    watch.timer = setTimeout(() => this.ask(watch.source, 'poll'), delayMs);
  }
}
