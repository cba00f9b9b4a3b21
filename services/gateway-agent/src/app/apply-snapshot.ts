import type { Problem } from '@gitway/contracts';
import { freshProcess, type HaproxyRendered } from '@gitway/drivers';
import { messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import { type HaproxyProcess, listenersOf } from '../adapters/haproxy-process.ts';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';
import { certificateProblems } from '../domain/certificates.ts';
import type { Decisions } from '../domain/decisions.ts';
import { type Boundary, ChangeProcess, type Ready } from './change-process.ts';
import { adopt, appliedOf, type GatewayState } from './gateway-state.ts';
import { type Reloaded, reloadProcess } from './reload-process.ts';
import type { StageSnapshot } from './stage-snapshot.ts';

const log = logger('apply');

export interface Wanted {
  readonly loaded: LoadedSnapshot;
  readonly decisions: Decisions;
}

/**
 * Makes the gateway run a snapshot by the smallest act that suffices, without dropping a request, and waits until it
 * answers.
 *
 * The files say at every moment what is to run after a restart. Before the worker is touched it is written down that
 * it is being changed; whoever finds that afterwards knows nothing of the worker and begins with a reload.
 */
export class ApplySnapshot {
  private readonly changes: ChangeProcess;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly stage: StageSnapshot,
    private readonly files: GatewayFiles,
    private readonly haproxy: HaproxyProcess,
    private readonly now: () => Date,
    private readonly boundary: Boundary = () => {},
  ) {
    this.changes = new ChangeProcess(haproxy, boundary);
  }

  /** What is wrong with a snapshot; empty when it could be run at once. Nothing that runs is touched. */
  async prepare(wanted: Wanted, state: GatewayState): Promise<Problem[]> {
    const composed = this.compose(wanted, state);
    if ('problems' in composed) return composed.problems;
    const problems = await this.stage.whole(composed.rendered, state.rendered);
    await this.files.discard(composed.rendered.main);
    return problems;
  }

  /**
   * Makes the gateway run the snapshot. Problems mean that it does not, and that what ran before still runs.
   * A HAProxy that is not there is no problem of the snapshot: it finds the new configuration when it starts.
   */
  run(wanted: Wanted, state: GatewayState): Promise<Problem[]> {
    const { loaded } = wanted;
    return this.alone(async () => {
      const composed = this.compose(wanted, state);
      if ('problems' in composed) return composed.problems;
      const ready = await this.ready(composed.rendered, state);
      if (ready !== null) return this.applied(wanted, state, () => this.change(ready, loaded, state));
      const problems = await this.stage.whole(composed.rendered, state.rendered);
      if (problems.length > 0) return problems;
      return this.applied(wanted, state, () => this.reload(composed.rendered, loaded, state));
    });
  }

  /** Takes away what earlier changes left over. */
  async tidy(state: GatewayState): Promise<void> {
    if (state.process === null || !this.changes.isDue(state.process)) return;
    await this.alone(async () => {
      if (state.process === null) return;
      state.epoch += 1;
      try {
        state.process = await this.changes.tidy(state.process);
        await this.files.putApplied(appliedOf(state));
      } finally {
        state.epoch += 1;
      }
    });
  }

  private compose({ loaded, decisions }: Wanted, state: GatewayState): ReturnType<StageSnapshot['compose']> {
    const composed = this.stage.compose(loaded, decisions);
    if ('problems' in composed) return composed;
    const problems = certificateProblems(composed.rendered, state.rendered, this.now());
    return problems.length > 0 ? { problems } : composed;
  }

  private alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => {});
    return result;
  }

  private async applied(
    { loaded, decisions }: Wanted,
    state: GatewayState,
    work: () => Promise<Problem[]>,
  ): Promise<Problem[]> {
    state.times = { ...state.times, renderedAt: this.now().toISOString() };
    state.prepared = loaded.digest;
    state.epoch += 1;
    try {
      const before = state.rendered;
      await this.files.putApplied({ ...appliedOf(state), process: null });
      await this.boundary('written down');
      const problems = await work();
      if (problems.length > 0) return problems;
      state.times = { ...state.times, appliedAt: this.now().toISOString() };
      state.drift = [];
      state.loaded = loaded;
      state.decisions = decisions;
      state.stale = false;
      await this.files.prune(state.rendered, before);
      return [];
    } finally {
      state.epoch += 1;
    }
  }

  /** What can be done to the worker as it runs; null when it takes a reload. */
  private async ready(wanted: HaproxyRendered, state: GatewayState): Promise<Ready | null> {
    if (state.stale || state.drift.length > 0) return null;
    const identity = await this.haproxy.identity();
    if (identity !== null) adopt(state, identity);
    const { process, rendered } = state;
    if (process === null || identity?.worker !== process.worker) return null;
    const planned = this.changes.plan(rendered, process, wanted);
    if ('reload' in planned) {
      log.info({ reason: planned.reload }, 'takes a reload');
      return null;
    }
    return planned;
  }

  private async change(ready: Ready, loaded: LoadedSnapshot, state: GatewayState): Promise<Problem[]> {
    state.process = null;
    try {
      // What is prepared is asked for by nobody yet, so it need not wait for the check.
      const [checked, prepared] = await Promise.allSettled([
        this.stage.part(ready.rendered, ready.filled),
        this.changes.prepare(ready),
      ]);
      for (const result of [checked, prepared]) if (result.status === 'rejected') throw result.reason;
      const accepted = checked.status === 'fulfilled' && checked.value;
      if (!accepted) throw new Error('HAProxy refuses what is to be added');
      await this.files.commit(ready.rendered.main);
      await this.boundary('files');
      await this.changes.commit(ready);
      await this.answers(ready.rendered, loaded.digest);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the worker could not be changed as it runs; reloading');
      const problems = await this.stage.whole(ready.rendered, state.rendered);
      if (problems.length === 0) return this.reload(ready.rendered, loaded, state);
      await this.putBack(state);
      return problems;
    }
    state.process = ready.change.process;
    this.serves(ready.rendered, loaded, state);
    return [];
  }

  /** @throws when a listener does not say that it serves the snapshot */
  private async answers(rendered: HaproxyRendered, snapshot: string): Promise<void> {
    await Promise.all(
      listenersOf(rendered).map(async (listener) => {
        const probe = await this.haproxy.probe(listener);
        if (probe.kind !== 'gateway' || probe.snapshot !== snapshot) {
          throw new Error(`listener ${listener.name} says otherwise`);
        }
      }),
    );
  }

  private async reload(rendered: HaproxyRendered, loaded: LoadedSnapshot, state: GatewayState): Promise<Problem[]> {
    state.process = null;
    state.reloads += 1;
    await this.files.commit(rendered.main);
    await this.boundary('files');
    const reloaded = await reloadProcess(this.haproxy, rendered, loaded.digest);
    await this.boundary('reloaded');
    if (reloaded !== null && 'failure' in reloaded) {
      await this.putBack(state);
      return [{ unit: null, message: reloaded.failure }];
    }
    this.take(rendered, reloaded, state);
    if (reloaded === null) state.rendered = rendered;
    else this.serves(rendered, loaded, state);
    return [];
  }

  private serves(rendered: HaproxyRendered, loaded: LoadedSnapshot, state: GatewayState): void {
    state.rendered = rendered;
    state.running = loaded.digest;
    state.silence = [];
  }

  private take(rendered: HaproxyRendered, reloaded: Reloaded | null, state: GatewayState): void {
    if (reloaded !== null && 'worker' in reloaded) {
      state.process = freshProcess(rendered.image, rendered.mark, reloaded.worker);
    }
  }

  private async putBack(state: GatewayState): Promise<void> {
    await this.files.restore(state.rendered);
    const reloaded = await reloadProcess(this.haproxy, state.rendered, state.loaded?.digest ?? 'none').catch(
      (error: unknown) => ({ failure: messageOf(error) }),
    );
    this.take(state.rendered, reloaded, state);
    if (reloaded !== null && 'failure' in reloaded) {
      log.error({ failure: reloaded.failure }, 'the old configuration does not serve either');
    }
  }
}
