import { canonicalJson, type Problem, type Reported } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import type { GatewayStates } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { reachable } from '../adapters/haproxy-process.ts';
import type { GatewayState } from './gateway-state.ts';
import type { Place } from './stage-snapshot.ts';

const log = logger('report');

export interface AgentIdentity {
  readonly version: string;
  readonly instance: string;
  readonly proxyVersion: string | null;
}

/** Writes `reported`: at once when something changed, and every few seconds as a sign of life. One write at a time, the newest wins. */
export class ReportState {
  private last = '';
  private lastAtMs = Number.NEGATIVE_INFINITY;
  private writing: Promise<void> | null = null;
  private again = false;
  private failing = false;

  constructor(
    private readonly place: Place,
    private readonly states: GatewayStates,
    private readonly state: GatewayState,
    private readonly identity: AgentIdentity,
    private readonly intervalMs: number,
    private readonly now: () => Date,
    private readonly warnings: () => Problem[],
  ) {}

  /** Resolves when the present state is written, or could not be; a later call tries again. */
  report(): Promise<void> {
    if (this.writing !== null) {
      this.again = true;
      return this.writing;
    }
    this.writing = this.write().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async write(): Promise<void> {
    do {
      this.again = false;
      const reported = this.compose();
      const { reportedAt: _reportedAt, times, ...content } = reported;
      const { reportedAt: _at, ...applied } = times;
      const text = canonicalJson({ ...content, times: applied });
      if (text === this.last && performance.now() - this.lastAtMs < this.intervalMs) continue;
      try {
        await this.states.putReported(reported);
        this.last = text;
        this.lastAtMs = performance.now();
        if (this.failing) log.info('reporting again');
        this.failing = false;
      } catch (error) {
        if (!this.failing) log.warn({ reason: messageOf(error) }, 'cannot report; the gateway goes on serving');
        this.failing = true;
        return;
      }
    } while (this.again);
  }

  private compose(): Reported {
    const { state, place } = this;
    const at = this.now().toISOString();
    const warnings = this.warnings();
    const listeners = Object.entries(state.rendered.expected.listeners).map(([name, address]) => {
      const { host, port } = reachable(address);
      return [name, `${host.includes(':') ? `[${host}]` : host}:${port}`];
    });
    return {
      environment: place.environment,
      gateway: place.gateway,
      generation: state.generation,
      running: state.running,
      prepared: state.prepared,
      problems: [...state.problems, ...state.silence],
      ...(warnings.length === 0 ? {} : { warnings: warnings.slice(0, 100) }),
      drift: state.drift,
      agent: { version: this.identity.version, instance: this.identity.instance },
      proxy: { name: 'haproxy', version: this.identity.proxyVersion },
      listeners: Object.fromEntries(listeners) as Record<string, string>,
      times: { ...state.times, reportedAt: at },
      reportedAt: at,
    };
  }
}
