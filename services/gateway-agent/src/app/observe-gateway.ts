import { setTimeout as delay } from 'node:timers/promises';
import { type DriftField, driftObserved, type Problem } from '@gitway/contracts';
import { freshProcess } from '@gitway/drivers';
import { messageOf } from '@gitway/errors';
import type { FactPublisher } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import type { GatewayFiles } from '../adapters/gateway-files.ts';
import { type HaproxyProcess, listenersOf, type Probe } from '../adapters/haproxy-process.ts';
import { fileDrift, MAX_DRIFT_FIELDS, runtimeDrift, samePlaces } from '../domain/drift.ts';
import { adopt, type GatewayState } from './gateway-state.ts';
import { ReadProcess } from './read-process.ts';
import type { Place } from './stage-snapshot.ts';

/** An old worker may take one more connection after the new one has answered. */
const SECOND_LOOK_MS = 100;

const log = logger('observe');

/** Reads the gateway back, compares it with what was applied, and states drift whenever it shows in other places. */
export class ObserveGateway {
  private announced: readonly DriftField[] = [];
  private readonly reader: ReadProcess;
  /** File → its signature when it was last found to be as written. */
  private readonly sound = new Map<string, string>();

  constructor(
    private readonly place: Place,
    private readonly files: GatewayFiles,
    private readonly haproxy: HaproxyProcess,
    private readonly facts: FactPublisher,
    private readonly now: () => Date,
  ) {
    this.reader = new ReadProcess(haproxy);
  }

  /** @returns whether it came to a result; an apply in between makes it void */
  async observe(state: GatewayState): Promise<boolean> {
    const { epoch } = state;
    if (epoch % 2 === 1) return false;
    const [probes, files, live] = await Promise.all([
      this.probes(state),
      this.fileFields(state),
      this.worker(state).catch((error: unknown) => messageOf(error)),
    ]);
    if (state.epoch !== epoch) return false;
    const told = this.judge(state, probes);
    const runtime = typeof live === 'string' ? [] : live;
    const silence = [...told.silence];
    if (typeof live === 'string')
      silence.push({ unit: null, message: `${live}; it is started again by whoever runs it` });
    state.running = told.running;
    state.silence = silence;
    state.drift = [...files, ...told.drift, ...runtime].slice(0, MAX_DRIFT_FIELDS);
    return true;
  }

  /** How the worker differs from what was applied. */
  private async worker(state: GatewayState): Promise<DriftField[]> {
    const { rendered } = state;
    const identity = await this.haproxy.identity();
    if (identity === null) throw new Error('HAProxy does not answer');
    adopt(state, identity);
    const known =
      state.process?.worker === identity.worker
        ? state.process
        : freshProcess(rendered.image, rendered.mark, identity.worker);
    const loaded =
      identity.mark === known.mark
        ? []
        : [{ path: 'process configuration', desired: known.mark, live: identity.mark || null }];
    return [...loaded, ...runtimeDrift({ rendered, process: known }, await this.reader.read(rendered, known))];
  }

  /** States drift that is new or elsewhere. Not stated when the bus is away: the next call tries again. */
  async announce(state: GatewayState): Promise<void> {
    const { drift, loaded } = state;
    if (drift.length === 0 || loaded === null) {
      this.announced = [];
      return;
    }
    if (samePlaces(drift, this.announced)) return;
    log.warn({ fields: drift.map(({ path }) => path) }, 'the gateway is not as it was applied');
    await this.facts.publish(driftObserved, {
      environment: this.place.environment,
      gateway: this.place.gateway,
      generation: state.generation,
      snapshot: loaded.digest,
      fields: drift,
      observedAt: this.now().toISOString(),
    });
    this.announced = drift;
  }

  private async probes(state: GatewayState): Promise<(readonly [string, string, Probe])[]> {
    const look = () =>
      Promise.all(
        listenersOf(state.rendered).map(
          async (listener) => [listener.name, listener.address, await this.haproxy.probe(listener)] as const,
        ),
      );
    const first = await look();
    const wanted = state.loaded?.digest ?? 'none';
    if (first.every(([, , probe]) => probe.kind === 'gateway' && probe.snapshot === wanted)) return first;
    await delay(SECOND_LOOK_MS);
    return look();
  }

  private judge(
    state: GatewayState,
    probes: readonly (readonly [string, string, Probe])[],
  ): { running: string | null; silence: Problem[]; drift: DriftField[] } {
    const wanted = state.loaded?.digest ?? 'none';
    const silence: Problem[] = [];
    const drift: DriftField[] = [];
    const served = new Set<string | null>();
    for (const [name, address, probe] of probes) {
      served.add(probe.kind === 'gateway' ? probe.snapshot : null);
      if (probe.kind === 'silent') {
        silence.push({ unit: null, message: `listener ${name} at ${address} does not answer: ${probe.reason}` });
      } else if (probe.kind === 'foreign') {
        drift.push({ path: `listener ${name}`, desired: wanted, live: 'another process answers there' });
      } else if (probe.snapshot !== wanted) {
        drift.push({ path: `listener ${name} snapshot`, desired: wanted, live: probe.snapshot });
      }
    }
    const [only] = served;
    const running = served.size === 1 && only !== undefined && only !== 'none' ? only : null;
    return { running, silence, drift };
  }

  private async fileFields(state: GatewayState): Promise<DriftField[]> {
    const { rendered } = state;
    const fields: DriftField[] = [];
    for (const [path, text] of rendered.files) {
      const signature = await this.files.signature(path);
      const known = `${signature}/${text.length}`;
      if (signature !== null && this.sound.get(path) === known) continue;
      const secret = rendered.expected.secretFiles.has(path);
      const found = fileDrift(path, text, await this.files.read(path), [this.place.probeToken], secret);
      if (found.length === 0 && signature !== null) this.sound.set(path, known);
      else this.sound.delete(path);
      fields.push(...found);
    }
    for (const path of this.sound.keys()) if (!rendered.files.has(path)) this.sound.delete(path);
    return fields;
  }
}
