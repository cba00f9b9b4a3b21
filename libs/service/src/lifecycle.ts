import { type Beat, ProgressMonitor, Readiness } from '@gitway/http';
import { Dispatcher, Inbox, MessageBus, OutboxRelay } from '@gitway/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CONFIG, NATS_CONNECTION } from './tokens.ts';

/** A handler that has not come back for this long is stuck. */
const STUCK_HANDLER_MS = 120_000;
const HOUR_MS = 3_600_000;

/** Starts what runs beside the handlers, in order, and ends it in the reverse order. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private relay: OutboxRelay | null = null;
  private readonly beats: Beat[] = [];
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    @Inject(CONFIG) private readonly config: { GITWAY_DATABASE_URL?: string },
    @Inject(NATS_CONNECTION) private readonly nats: NatsConnection,
    private readonly bus: MessageBus,
    private readonly dispatcher: Dispatcher,
    private readonly progress: ProgressMonitor,
    private readonly readiness: Readiness,
    @Optional() private readonly dataSource?: DataSource,
    @Optional() private readonly inbox?: Inbox,
  ) {}

  onApplicationBootstrap(): void {
    this.readiness.add('nats', async () => void (await this.nats.rtt()));
    this.watchHandlers();
    const { dataSource, inbox } = this;
    if (dataSource === undefined || inbox === undefined) return;
    this.readiness.add('database', async () => void (await dataSource.query('SELECT 1')));
    const beat = this.progress.beat('outbox relay', 60_000);
    this.beats.push(beat);
    this.relay = new OutboxRelay({
      databaseUrl: this.config.GITWAY_DATABASE_URL as string,
      bus: this.bus,
      onProgress: () => beat.tick(),
    });
    this.relay.start();
    this.every(HOUR_MS, () => void inbox.prune().catch(() => {}));
  }

  onModuleDestroy(): void {
    this.readiness.drain();
  }

  async onApplicationShutdown(): Promise<void> {
    for (const beat of this.beats) beat.stop();
    for (const timer of this.timers) clearInterval(timer);
    await this.relay?.stop();
    await closeNats(this.nats);
    if (this.dataSource?.isInitialized === true) await this.dataSource.destroy();
  }

  private watchHandlers(): void {
    const beat = this.progress.beat('message handlers', 10_000);
    this.beats.push(beat);
    this.every(1_000, () => {
      if (this.dispatcher.oldestInHandMs() < STUCK_HANDLER_MS) beat.tick();
    });
  }

  private every(ms: number, work: () => void): void {
    const timer = setInterval(work, ms);
    timer.unref();
    this.timers.push(timer);
  }
}

/** Sends what is still to be sent; a server that is away is not waited for. */
async function closeNats(nats: NatsConnection): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => (timer = setTimeout(resolve, 2_000)));
  await Promise.race([nats.drain().catch(() => {}), patience]);
  clearTimeout(timer);
  await nats.close();
}
