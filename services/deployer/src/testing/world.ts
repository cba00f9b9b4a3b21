import { digestOf } from '@gitway/contracts';
import { decide } from '../domain/decide.ts';
import { defaultLimits } from '../domain/decision.ts';
import type { Context, Fact, Input, Limits, Observation, Outcome, Standing } from '../domain/decision.ts';
import { newEnvironment } from '../domain/state.ts';
import type { Deployment, EnvironmentState, Settings } from '../domain/state.ts';

export const contentOf = (content: number | string) => digestOf({ content });
export const commitOf = (number: number) => number.toString(16).padStart(40, '0');

export const settingsOf = (changes: Partial<Settings> = {}): Settings => ({
  gateways: ['edge'],
  promoteFrom: null,
  promotion: { soakMs: 60_000, approvals: 0 },
  analysis: { windowMs: 30_000, minRequests: 10 },
  drift: { mode: 'heal', intervalMs: 1_000 },
  ...changes,
});

/** One environment with simulated gateways and a clock that stands still until it is moved: for specs of decisions. */
export class World {
  now = Date.parse('2026-11-02T10:00:00.000Z');
  state: EnvironmentState;
  observations: Record<string, Observation> = {};
  standings = new Map<string, Standing>();
  facts: Fact[] = [];
  notes: string[] = [];
  wakeAt: number | null = null;
  #commits = 0;

  constructor(
    readonly settings: Settings = settingsOf(),
    readonly limits: Limits = defaultLimits,
    name = 'production',
  ) {
    this.state = newEnvironment(name);
  }

  context(): Context {
    return {
      now: this.now,
      limits: this.limits,
      observations: this.observations,
      parentStanding: (_environment, commit) => this.standings.get(commit) ?? { kind: 'pending' },
    };
  }

  /** Decides and keeps the outcome; answers with the kinds of the facts it published. */
  give(input: Input): Fact['kind'][] {
    return this.keep(this.peek(input));
  }

  keep(outcome: Outcome): Fact['kind'][] {
    this.state = outcome.state;
    this.facts.push(...outcome.facts);
    this.notes.push(...outcome.notes);
    this.wakeAt = outcome.wakeAt;
    return outcome.facts.map(({ kind }) => kind);
  }

  peek(input: Input): Outcome {
    return decide(this.state, input, this.context());
  }

  look = () => this.give({ kind: 'look' });

  candidate(
    content: number | string,
    changes: Partial<Extract<Input, { kind: 'candidate' }>> = {},
  ): Extract<Input, { kind: 'candidate' }> {
    this.#commits += 1;
    return {
      kind: 'candidate',
      source: 'apis',
      ref: 'refs/heads/main',
      commit: commitOf(this.#commits),
      snapshot: contentOf(content),
      order: this.now + this.#commits,
      writtenBack: false,
      settings: this.settings,
      times: { detectedAt: new Date(this.now).toISOString() },
      ...changes,
    };
  }

  push = (content: number | string, changes: Partial<Extract<Input, { kind: 'candidate' }>> = {}) =>
    this.give(this.candidate(content, changes));

  after(ms: number): Fact['kind'][] {
    this.now += ms;
    return this.look();
  }

  /** What a gateway answers to its target: it obeys unless told otherwise. */
  answer(gateway: string, changes: Partial<Observation> = {}): void {
    const target = this.state.gateways[gateway];
    if (target === undefined) return;
    this.observations[gateway] = {
      generation: target.generation,
      running: target.snapshot,
      problems: [],
      drift: [],
      reportedAt: this.now,
      times: { appliedAt: new Date(this.now).toISOString() },
      desiredAt: this.now,
      ...changes,
    };
  }

  /** Every gateway obeys, and the deployer hears of it. */
  obey(): Fact['kind'][] {
    for (const gateway of Object.keys(this.state.gateways)) this.answer(gateway);
    return this.look();
  }

  refuse(gateway: string, message = 'no'): Fact['kind'][] {
    this.answer(gateway, { running: null, problems: [{ unit: null, message }] });
    return this.look();
  }

  /** A push that goes live. */
  ship(content: number | string): Deployment {
    this.push(content);
    this.obey();
    return this.live!;
  }

  judge = (deployment: string, outcome: 'healthy' | 'regressed' | 'inconclusive', baseline: string | null = null) =>
    this.give({ kind: 'verdict', deployment, outcome, baseline, detail: 'errors rose' });

  get live(): Deployment | undefined {
    return this.state.deployments.find(({ phase }) => phase.kind === 'live');
  }

  get last(): Deployment {
    return this.state.deployments.at(-1)!;
  }
}
