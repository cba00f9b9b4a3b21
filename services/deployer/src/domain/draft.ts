import { canonicalJson } from '@gitway/contracts';
import type { CommandRefusedData } from './contract-data.ts';
import type { Context, Fact, Observation } from './decision.ts';
import { isCandidate, revisionOf } from './state.ts';
import type { Deployment, EnvironmentState, GatewayState, Phase, RevisionRef } from './state.ts';

type Asked = { readonly request: string; readonly actor: string };

/** One decision while it is being made: a copy of the state, what it publishes, and what it has to say. */
export class Draft {
  readonly state: EnvironmentState;
  readonly facts: Fact[] = [];
  readonly notes: string[] = [];
  /** Counts changes, so that settling knows when nothing moves any more. */
  changes = 0;

  constructor(
    before: EnvironmentState,
    readonly context: Context,
  ) {
    this.state = structuredClone(before);
  }

  get now(): number {
    return this.context.now;
  }

  instant(ms: number = this.now): string {
    return new Date(ms).toISOString();
  }

  find(id: string): Deployment | undefined {
    return this.state.deployments.find((deployment) => deployment.id === id);
  }

  get live(): Deployment | undefined {
    return this.state.deployments.find(({ phase }) => phase.kind === 'live');
  }

  get applying(): Deployment | undefined {
    return this.state.deployments.find(({ phase }) => phase.kind === 'applying');
  }

  get candidate(): Deployment | undefined {
    return this.state.deployments.find(isCandidate);
  }

  liveRevision(): RevisionRef | null {
    return this.live === undefined ? null : revisionOf(this.live);
  }

  add(deployment: Deployment): Deployment {
    this.state.deployments.push(deployment);
    this.changes += 1;
    return deployment;
  }

  publish(fact: Fact): void {
    this.facts.push(fact);
    this.changes += 1;
  }

  /** What a person asked for is not done. It changes nothing, so it is not a change. */
  refuse(command: CommandRefusedData['command'], { request, actor }: Asked, why: string): void {
    const reason = why.slice(0, 2000);
    this.notes.push(`${command} asked by ${actor} refused: ${reason}`);
    this.facts.push({
      kind: 'command-refused',
      data: { environment: this.state.name, request, command, actor, reason },
    });
  }

  /** Changes fields of the state (or of a part of it), and counts that only when something is different, whatever the order of members. */
  set<T extends object>(part: T, fields: Partial<T>): void {
    for (const key of Object.keys(fields) as (keyof T)[]) {
      if (canonicalJson(part[key]) === canonicalJson(fields[key])) continue;
      part[key] = fields[key] as T[keyof T];
      this.changes += 1;
    }
  }

  move(deployment: Deployment, phase: Phase, detail: string): void {
    this.set(deployment, { phase, detail });
  }

  supersede(deployment: Deployment, detail: string): void {
    this.move(deployment, { kind: 'superseded', endedAt: this.now }, detail);
  }

  observationOf(gateway: string): Observation | undefined {
    return Object.hasOwn(this.context.observations, gateway) ? this.context.observations[gateway] : undefined;
  }

  gateway(name: string): GatewayState | undefined {
    return Object.hasOwn(this.state.gateways, name) ? this.state.gateways[name] : undefined;
  }

  /** Has the gateway read back exactly what its target says? */
  inSync(name: string): boolean {
    const target = this.gateway(name);
    const seen = this.observationOf(name);
    return (
      target !== undefined &&
      seen !== undefined &&
      seen.generation === target.generation &&
      seen.running === target.snapshot &&
      seen.problems.length === 0
    );
  }

  /** Writes a target of the next generation. */
  aim(name: string, snapshot: string, deployment: string): GatewayState {
    const target = this.gateway(name);
    this.changes += 1;
    if (target === undefined) {
      const created: GatewayState = {
        generation: 1,
        snapshot,
        deployment,
        drift: null,
        heals: [],
        lastHealAt: null,
        backOffLevel: 0,
        clearAt: null,
      };
      this.state.gateways[name] = created;
      return created;
    }
    target.generation += 1;
    target.snapshot = snapshot;
    target.deployment = deployment;
    return target;
  }
}
