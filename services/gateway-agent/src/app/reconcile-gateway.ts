import type { Desired, Problem } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { logger, withSpan } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import type { LoadedSnapshot, SnapshotCache } from '../adapters/snapshot-cache.ts';
import { type Decisions, decisionsOf, sameDecisions } from '../domain/decisions.ts';
import { ReloadBudget } from '../domain/reload-budget.ts';
import type { ApplySnapshot } from './apply-snapshot.ts';
import { appliedOf, type GatewayState } from './gateway-state.ts';
import type { ObserveGateway } from './observe-gateway.ts';
import type { ReportState } from './report-state.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

const log = logger('reconcile');

/** Brings the gateway to the newest `desired`; whatever was wanted in between is skipped. */
export class ReconcileGateway {
  private pending: Desired | null = null;
  private last: Desired | null = null;
  private renewing = false;
  private newest = 0;
  private turning: Promise<void> | null = null;
  /** Whether something that was wanted has been tried: until then the state on disk may be half of what is wanted. */
  settled = false;
  private stopped = false;
  private readonly budget = new ReloadBudget(() => performance.now());
  private wake: () => void = () => {};

  constructor(
    private readonly state: GatewayState,
    private readonly cache: SnapshotCache,
    private readonly files: GatewayFiles,
    private readonly apply: ApplySnapshot,
    private readonly observer: ObserveGateway,
    private readonly reporter: ReportState,
    private readonly onLoaded: (loaded: LoadedSnapshot) => void,
    private readonly now: () => Date,
    /** Gets what units ask for beside themselves. @returns what is missing */
    private readonly provide: (wanted: LoadedSnapshot, running: LoadedSnapshot | null) => Promise<Problem[]>,
  ) {}

  /** Takes what is wanted now; may be told the same again. */
  want(desired: Desired): void {
    if (this.stopped || desired.generation < this.newest) return;
    this.newest = desired.generation;
    this.last = desired;
    this.take(desired);
  }

  /** What is wanted has become something else with time. */
  again(): void {
    if (!this.stopped && this.turning === null && this.last?.phase === 'run') this.take(this.last);
  }

  private take(desired: Desired): void {
    this.pending = desired;
    this.go();
  }

  /** What units ask for beside themselves has changed: what runs is made anew, and what is wanted tried again. */
  renew(): void {
    if (this.stopped) return;
    this.renewing = true;
    this.go();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.turning;
  }

  private go(): void {
    this.wake();
    this.turning ??= this.turn().finally(() => {
      this.turning = null;
    });
  }

  private async turn(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while ((this.pending !== null || this.renewing) && !this.stopped) {
      if (this.renewing) {
        this.renewing = false;
        await this.runAnew();
        this.pending ??= this.last;
        continue;
      }
      await this.rest(this.budget.waitMs());
      if (this.stopped) return;
      const desired = this.pending as Desired;
      this.pending = null;
      const { reloads } = this.state;
      try {
        await withSpan('gateway apply', () => this.bring(desired), { traceparent: desired.traceparent });
        pauseMs = FIRST_PAUSE_MS;
        this.settled = true;
      } catch (error) {
        log.warn({ err: error, snapshot: desired.snapshot }, 'cannot apply now; trying again');
        this.state.problems = [{ unit: null, message: `cannot apply now, trying again: ${messageOf(error)}` }];
        this.state.generation = desired.generation;
        await this.reporter.report();
        this.settled = true;
        if (this.pending === null) {
          await this.pause(pauseMs);
          pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
          this.pending ??= desired;
        }
      } finally {
        this.budget.spend(this.state.reloads - reloads);
      }
    }
  }

  private async runAnew(): Promise<void> {
    const { state } = this;
    if (state.loaded === null) return;
    try {
      const problems = await this.apply.run({ loaded: state.loaded, decisions: state.decisions }, state);
      log.info({ snapshot: state.loaded.digest, problems: problems.length }, 'applied with what it is given now');
      if (problems.length > 0) state.problems = problems;
      await Promise.all([this.files.putApplied(appliedOf(state)), this.reporter.report()]);
    } catch (error) {
      log.warn({ err: error }, 'cannot apply what the units are given now; trying again when it changes');
    }
  }

  private async bring(desired: Desired): Promise<void> {
    const { state } = this;
    const decisions = decisionsOf(desired, this.now());
    if (desired.phase === 'run' && (await this.runsAlready(desired, decisions))) {
      state.problems = [];
    } else {
      const before = state.loaded;
      // Asked for by time and not by anybody: how long it took to answer the generation has been told.
      const told = desired.generation === state.generation && state.times.appliedAt !== undefined ? state.times : null;
      const loaded = await this.cache.load(desired.snapshot);
      this.onLoaded(loaded);
      state.times = { desiredAt: desired.writtenAt };
      const missing = await this.provide(loaded, before);
      if (missing.length > 0) {
        state.problems = missing;
      } else if (desired.phase === 'prepare') {
        state.problems = await this.apply.prepare({ loaded, decisions }, state);
        if (state.problems.length === 0) state.prepared = loaded.digest;
      } else {
        state.problems = await this.apply.run({ loaded, decisions }, state);
        log.info({ snapshot: loaded.digest, problems: state.problems.length }, 'applied');
      }
      if (told !== null) state.times = told;
      void this.forget([loaded, before, state.loaded]);
    }
    state.generation = desired.generation;
    await Promise.all([this.files.putApplied(appliedOf(state)), this.reporter.report()]);
  }

  /** A new generation of what was applied asks for drift to be healed; without drift there is nothing to do. */
  private async runsAlready(desired: Desired, decisions: Decisions): Promise<boolean> {
    const { state } = this;
    if (state.stale || state.loaded?.digest !== desired.snapshot) return false;
    if (!sameDecisions(state.decisions, decisions)) return false;
    await this.observer.observe(state);
    return state.drift.length === 0 || desired.generation <= state.generation;
  }

  private async forget(kept: readonly (LoadedSnapshot | null)[]): Promise<void> {
    await this.cache.prune(kept.filter((loaded) => loaded !== null)).catch((error: unknown) => {
      log.warn({ err: error }, 'cannot tidy the cache');
    });
  }

  /** Waits, whatever is wanted meanwhile: the newest of it is taken afterwards. */
  private async rest(ms: number): Promise<void> {
    const untilMs = performance.now() + ms;
    while (!this.stopped && performance.now() < untilMs) await this.pause(untilMs - performance.now());
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
