import { setTimeout as delay } from 'node:timers/promises';
import type { Problem } from '@gitway/contracts';
import { driverNamed, FragmentCache, nothingProvided, type RenderContext, type Rendered } from '@gitway/drivers';
import { isRetryable, messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import type { HaproxyProcess } from '../adapters/haproxy-process.ts';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';
import { ofConfigurationCheck, ofDriver } from '../domain/problems.ts';
import type { GatewayState } from './gateway-state.ts';

/** How long new workers may take until they answer; 10,000 APIs take about 2.4 s. */
const RELOAD_LIMIT_MS = 20_000;
const POLL_MS = 5;
const PROCESS_POLL_MS = 50;

const log = logger('apply');

/** Everything about the gateway that does not come from a snapshot. */
export type Place = Omit<RenderContext, 'snapshot' | 'cache' | 'provided'>;

/** Renders a snapshot, has HAProxy check it, swaps it in without dropping a request, and waits until it answers. */
export class ApplySnapshot {
  private readonly driver = driverNamed('haproxy');
  private readonly cache = new FragmentCache();

  constructor(
    private readonly place: Place,
    private readonly files: GatewayFiles,
    private readonly haproxy: HaproxyProcess,
    private readonly now: () => Date,
  ) {}

  render(loaded: LoadedSnapshot | null): Rendered {
    return this.driver.render(loaded?.units ?? [], {
      ...this.place,
      snapshot: loaded?.digest ?? null,
      provided: nothingProvided,
      cache: this.cache,
    });
  }

  /** What is wrong with a snapshot; empty when it could be run at once. Nothing that runs is touched. */
  async prepare(loaded: LoadedSnapshot, state: GatewayState): Promise<Problem[]> {
    const { rendered, problems } = await this.stage(loaded, state.rendered);
    if (rendered !== null) await this.files.discard(rendered.main);
    return problems;
  }

  /**
   * Makes the gateway run the snapshot. Problems mean that it does not, and that what ran before still runs.
   * A HAProxy that is not there is no problem of the snapshot: it finds the new configuration when it starts.
   */
  async run(loaded: LoadedSnapshot, state: GatewayState): Promise<Problem[]> {
    const { rendered, problems } = await this.stage(loaded, state.rendered);
    if (rendered === null) return problems;
    state.times = { ...state.times, renderedAt: this.now().toISOString() };
    state.prepared = loaded.digest;
    state.epoch += 1;
    try {
      const before = await this.haproxy.processes().catch(() => null);
      await this.files.commit(rendered.main);
      if (before !== null) {
        const failure = await this.reload(rendered, loaded.digest, before);
        if (failure !== null) {
          await this.putBack(state);
          return [{ unit: null, message: failure }];
        }
        state.running = loaded.digest;
        state.silence = [];
      }
      state.times = { ...state.times, appliedAt: this.now().toISOString() };
      state.drift = [];
      const previous = state.rendered;
      state.loaded = loaded;
      state.rendered = rendered;
      state.stale = false;
      await this.files.prune(rendered, previous);
      return [];
    } finally {
      state.epoch += 1;
    }
  }

  /** Renders and checks; a rendered answer lies beside the main file, ready to be swapped in. */
  private async stage(
    loaded: LoadedSnapshot,
    current: Rendered,
  ): Promise<{ rendered: Rendered | null; problems: Problem[] }> {
    const refused = this.driver.check(loaded.units, this.place.gateway);
    if (refused.length > 0) return { rendered: null, problems: ofDriver(refused) };
    const rendered = this.renderOr(loaded);
    if ('problem' in rendered) return { rendered: null, problems: [rendered.problem] };
    const taken = await this.takenListeners(rendered, current);
    if (taken.length > 0) return { rendered: null, problems: taken };
    const staged = await this.files.stage(rendered);
    const refusal = await this.haproxy.refusalOf(staged);
    if (refusal === null) return { rendered, problems: [] };
    await this.files.discard(rendered.main);
    log.warn({ snapshot: loaded.digest, refusal: refusal.slice(0, 2000) }, 'HAProxy refuses the configuration');
    return { rendered: null, problems: ofConfigurationCheck(refusal, rendered) };
  }

  private renderOr(loaded: LoadedSnapshot): Rendered | { problem: Problem } {
    try {
      return this.render(loaded);
    } catch (error) {
      if (isRetryable(error)) throw error;
      return { problem: { unit: null, message: messageOf(error) } };
    }
  }

  /** Tries addresses that are new: a bind that fails would be seen only by a reload, which pauses the old worker. */
  private async takenListeners(rendered: Rendered, current: Rendered): Promise<Problem[]> {
    const bound = new Set(Object.values(current.expected.listeners));
    const problems: Problem[] = [];
    for (const [name, address] of Object.entries(rendered.expected.listeners)) {
      if (bound.has(address)) continue;
      const failure = await this.haproxy.bindFailure(address);
      if (failure === null) continue;
      const message = `listener ${name} cannot listen on ${address}: ${failure}; free the address or choose another`;
      problems.push({ unit: `gateway ${this.place.gateway}`, message });
    }
    return problems;
  }

  /** @returns why the new configuration does not serve; null when every listener answered from a new process */
  private async reload(
    rendered: Rendered,
    snapshot: string,
    before: { failedReloads: number; worker: number | null },
  ): Promise<string | null> {
    const listeners = Object.entries(rendered.expected.listeners);
    const deadline = performance.now() + RELOAD_LIMIT_MS;
    let nextLook = performance.now() + PROCESS_POLL_MS;
    let waiting = 'no listener';
    await this.haproxy.reload();
    while (performance.now() < deadline) {
      const probes = await Promise.all(listeners.map(([, address]) => this.haproxy.probe(address, 500)));
      const missing = probes.findIndex(
        (probe) => probe.kind !== 'gateway' || probe.snapshot !== snapshot || probe.process === before.worker,
      );
      if (missing < 0) return null;
      waiting = `listener ${listeners[missing]?.[0]} at ${listeners[missing]?.[1]}`;
      if (performance.now() >= nextLook) {
        const after = await this.haproxy.processes().catch(() => null);
        if (after !== null && after.failedReloads > before.failedReloads) {
          return 'HAProxy could not start with the new configuration (see its log); the old one was put back';
        }
        nextLook = performance.now() + PROCESS_POLL_MS;
      }
      await delay(POLL_MS);
    }
    return `${waiting} did not answer from the new configuration within ${RELOAD_LIMIT_MS} ms; the old one was put back`;
  }

  private async putBack(state: GatewayState): Promise<void> {
    await this.files.restore(state.rendered);
    const before = await this.haproxy.processes().catch(() => null);
    if (before === null) return;
    const failure = await this.reload(state.rendered, state.loaded?.digest ?? 'none', before).catch(messageOf);
    if (failure !== null) log.error({ failure }, 'the old configuration does not serve either');
  }
}
