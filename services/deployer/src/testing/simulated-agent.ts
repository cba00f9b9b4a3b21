import type { Desired, DriftField, Reported } from '@gitway/contracts';
import type { GatewayStates, StopWatching } from '@gitway/messaging';

/** An agent without a gateway: it answers `desired` as it is told to. */
export class SimulatedAgent {
  /** `obey`: runs what is desired; `refuse`: keeps what it has and says why; `silent`: is not there. */
  behaviour: 'obey' | 'refuse' | 'silent' = 'obey';
  /** Snapshots that it refuses whatever its behaviour. */
  readonly refused = new Set<string>();
  /** Every generation that it was asked for, once each. */
  readonly asked: Desired[] = [];
  running: string | null = null;
  generation = 0;
  private stopWatching: StopWatching | null = null;

  constructor(
    private readonly states: GatewayStates,
    readonly environment: string,
    readonly gateway: string,
  ) {}

  async start(): Promise<this> {
    this.stopWatching = await this.states.watchDesired(this.environment, this.gateway, (desired) => {
      void this.onDesired(desired);
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.stopWatching?.();
    this.stopWatching = null;
  }

  /** Back after a silence: looks at what is desired now, as an agent does when it starts. */
  async wakeUp(behaviour: 'obey' | 'refuse' = 'obey'): Promise<void> {
    this.behaviour = behaviour;
    const desired = await this.states.getDesired(this.environment, this.gateway);
    if (desired !== null) await this.onDesired(desired.value);
  }

  /** Somebody changed the gateway by hand. */
  async drift(fields: DriftField[]): Promise<void> {
    await this.report([], fields);
  }

  private async onDesired(desired: Desired): Promise<void> {
    if (this.asked.at(-1)?.generation !== desired.generation) this.asked.push(desired);
    if (this.behaviour === 'silent') return;
    this.generation = desired.generation;
    const isRefused = this.behaviour === 'refuse' || this.refused.has(desired.snapshot);
    if (!isRefused) this.running = desired.snapshot;
    await this.report(isRefused ? [{ unit: 'api petstore', message: 'backend has no server' }] : [], []);
  }

  private async report(problems: Reported['problems'], drift: DriftField[]): Promise<void> {
    const now = new Date().toISOString();
    await this.states.putReported({
      environment: this.environment,
      gateway: this.gateway,
      generation: this.generation,
      running: this.running,
      prepared: this.running,
      problems,
      drift,
      agent: { version: '0', instance: 'simulated' },
      proxy: { name: 'none', version: null },
      listeners: { http: '127.0.0.1:1' },
      times: { renderedAt: now, appliedAt: now, reportedAt: now },
      reportedAt: now,
    });
  }
}
