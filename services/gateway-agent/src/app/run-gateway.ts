import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '@gitway/errors';
import type { ProgressMonitor } from '@gitway/http';
import type { ArtifactStore, FactPublisher, GatewayStates, StopWatching, TrafficLog } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { AccessLogFile } from '../adapters/access-log-file.ts';
import { GatewayFiles } from '../adapters/gateway-files.ts';
import { HaproxyProcess } from '../adapters/haproxy-process.ts';
import { KeySetServer } from '../adapters/key-set-server.ts';
import { SecretFiles } from '../adapters/secret-files.ts';
import { type LoadedSnapshot, SnapshotCache } from '../adapters/snapshot-cache.ts';
import { type AgentConfig, peersOf } from '../config.ts';
import { DroppedLines } from '../domain/dropped-lines.ts';
import { noDecisions, someBlockEnded } from '../domain/decisions.ts';
import { ApplySnapshot } from './apply-snapshot.ts';
import type { GatewayState } from './gateway-state.ts';
import { ObserveGateway } from './observe-gateway.ts';
import { OperationNames } from './operation-names.ts';
import { ProvideNeeds } from './provide-needs.ts';
import { ReconcileGateway } from './reconcile-gateway.ts';
import { ReportState } from './report-state.ts';
import { resume } from './resume-gateway.ts';
import { ShipTraffic } from './ship-traffic.ts';
import { type Place, StageSnapshot } from './stage-snapshot.ts';

const WATCH_RETRY_MS = 1_000;
/** How long what is wanted may take to arrive before the gateway is judged by what is on disk. */
const FIRST_WANT_MS = 3_000;
/** A reload of a very large gateway takes seconds; a minute without a turn is a loop that hangs. */
const STUCK_LOOP_MS = 60_000;
const DROPPED_INTERVAL_MS = 1_000;

const log = logger('gateway');

export interface Outside {
  readonly artifacts: ArtifactStore;
  readonly states: GatewayStates;
  readonly facts: FactPublisher;
  readonly traffic: TrafficLog;
  readonly progress: ProgressMonitor;
  readonly now: () => Date;
  readonly identity: { readonly version: string; readonly instance: string };
}

function placeOf(config: AgentConfig, files: GatewayFiles): Place {
  const peers = peersOf(config);
  return {
    ...(peers === null ? {} : { peers }),
    environment: config.GITWAY_ENVIRONMENT,
    gateway: config.GITWAY_GATEWAY,
    listeners: config.GITWAY_LISTENERS ?? {},
    dir: config.GITWAY_HAPROXY_DIR,
    probeToken: files.probeToken(),
  };
}

/** Gives HAProxy something to start with. Needs nothing but the disk, so that a gateway comes up without a network. */
export function prepareDirectory(config: AgentConfig): void {
  const files = new GatewayFiles(config.GITWAY_HAPROXY_DIR);
  const place = placeOf(config, files);
  const haproxy = new HaproxyProcess(place.dir, config.GITWAY_HAPROXY_BIN, place.probeToken);
  files.writeFirst(new StageSnapshot(place, files, haproxy).render(null, noDecisions));
}

/** One gateway: what is wanted is applied, what runs is read back and reported, what was answered is shipped. */
export class RunGateway {
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[] = [];
  private stopWatching: StopWatching | null = null;
  private reconciler: ReconcileGateway | null = null;
  private shipper: ShipTraffic | null = null;

  constructor(
    private readonly config: AgentConfig,
    private readonly outside: Outside,
  ) {}

  async start(): Promise<void> {
    const { config, outside } = this;
    const files = new GatewayFiles(config.GITWAY_HAPROXY_DIR);
    const place = placeOf(config, files);
    const haproxy = new HaproxyProcess(place.dir, config.GITWAY_HAPROXY_BIN, place.probeToken);
    const provide = new ProvideNeeds(
      place.gateway,
      new SecretFiles(config.GITWAY_SECRETS_DIR ?? null),
      new KeySetServer(place.dir),
    );
    const stage = new StageSnapshot(place, files, haproxy, () => provide.provided());
    const apply = new ApplySnapshot(stage, files, haproxy, outside.now);
    const cache = new SnapshotCache(place.dir, outside.artifacts);
    const state = await resume(stage, files, cache, (found) => provide.resume(found.units));
    const observer = new ObserveGateway(place, files, haproxy, outside.facts, outside.now);
    const identity = { ...outside.identity, proxyVersion: await haproxy.version() };
    const reporter = new ReportState(
      place,
      outside.states,
      state,
      identity,
      config.GITWAY_REPORT_INTERVAL,
      outside.now,
      () => provide.warnings(),
    );
    const names = new OperationNames();
    if (state.loaded !== null) names.remember(state.loaded);
    const remember = (loaded: LoadedSnapshot) => names.remember(loaded);
    const reconciler = new ReconcileGateway(
      state,
      cache,
      files,
      apply,
      observer,
      reporter,
      remember,
      outside.now,
      (wanted, running) => provide.provide(wanted.units, running?.units ?? []),
    );
    this.reconciler = reconciler;
    const shipping = outside.progress.beat('traffic', STUCK_LOOP_MS);
    this.shipper = new ShipTraffic(
      { environment: place.environment, gateway: place.gateway },
      new AccessLogFile(place.dir),
      outside.traffic,
      (...call) => names.name(...call),
      outside.now,
      () => shipping.tick(),
      (api) => void this.unknownKey(provide, api, reconciler),
    );
    this.shipper.start();
    const intervals = { secretsMs: config.GITWAY_SECRETS_INTERVAL, keySetsMs: config.GITWAY_KEY_SETS_INTERVAL };
    this.loops.push(
      provide.run(intervals, this.stopping.signal, () => reconciler.renew()),
      this.watch(place, reconciler),
      this.observe(state, apply, observer, reporter),
      this.countDropped(haproxy),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.stopWatching?.().catch(() => {});
    await this.reconciler?.stop();
    await this.shipper?.stop();
    await Promise.all(this.loops);
  }

  private async countDropped(haproxy: HaproxyProcess): Promise<void> {
    const { signal } = this.stopping;
    const lines = new DroppedLines();
    while (!signal.aborted) {
      this.shipper?.lose(lines.since(await haproxy.identity()));
      await delay(DROPPED_INTERVAL_MS, undefined, { signal }).catch(() => {});
    }
  }

  private async unknownKey(provide: ProvideNeeds, api: string, reconciler: ReconcileGateway): Promise<void> {
    try {
      if (await provide.unknownKey(api, this.outside.now().getTime())) reconciler.renew();
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'cannot look for new keys');
    }
  }

  private async watch(place: Place, reconciler: ReconcileGateway): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && this.stopWatching === null) {
      try {
        this.stopWatching = await this.outside.states.watchDesired(place.environment, place.gateway, (desired) =>
          reconciler.want(desired),
        );
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'cannot learn what is wanted yet; the gateway serves what it has');
        await delay(WATCH_RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  private async observe(
    state: GatewayState,
    apply: ApplySnapshot,
    observer: ObserveGateway,
    reporter: ReportState,
  ): Promise<void> {
    const { signal } = this.stopping;
    const startedMs = performance.now();
    // An agent that died in the middle of an apply left files that look like drift until it has tried again.
    const mayTell = () => this.reconciler?.settled === true || performance.now() - startedMs > FIRST_WANT_MS;
    const beat = this.outside.progress.beat('observe', STUCK_LOOP_MS);
    while (!signal.aborted) {
      try {
        if (mayTell() && (await observer.observe(state))) {
          void reporter.report();
          await observer.announce(state);
        }
        await apply.tidy(state);
        if (someBlockEnded(state.decisions, this.outside.now())) this.reconciler?.again();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'an observation failed');
      }
      beat.tick();
      await delay(this.config.GITWAY_OBSERVE_INTERVAL, undefined, { signal }).catch(() => {});
    }
    beat.stop();
  }
}
