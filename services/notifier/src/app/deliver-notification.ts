import { notificationFailed } from '@gitway/contracts';
import { isRetryable, messageOf } from '@gitway/errors';
import { backoffAfter } from '@gitway/jobs';
import { UnitOfWork } from '@gitway/messaging';
import { counter, logger, runInStory, withSpan } from '@gitway/observability';
import { Clock, CONFIG } from '@gitway/service';
import { Inject, Injectable } from '@nestjs/common';
import { Channels } from '../adapters/channels/registry.ts';
import { type DeliveryRow, DeliveryStore } from '../adapters/delivery-store.ts';
import type { NotifierConfig } from '../config.ts';
import { isWorthReporting } from '../domain/announcements.ts';
import { WakeDeliveries } from './wake-deliveries.ts';

/** Longer than an attempt can take: when this is over, whoever was at it is dead. */
const LEASE_EXTRA_MS = 10_000;
/** A wake-up that comes a moment early would find nothing due. */
const WAKE_EXTRA_MS = 20;

const log = logger('deliveries');

/** Makes one attempt to deliver one notification, and sees to what follows from it. */
@Injectable()
export class DeliverNotification {
  private readonly outcomes = counter('gitway_deliveries_total', 'Attempts to deliver a notification, by outcome');

  constructor(
    @Inject(CONFIG) private readonly config: NotifierConfig,
    private readonly clock: Clock,
    private readonly unitOfWork: UnitOfWork,
    private readonly channels: Channels,
    private readonly deliveries: DeliveryStore,
    private readonly wake: WakeDeliveries,
  ) {}

  async run(id: string): Promise<void> {
    const leaseMs = this.config.GITWAY_DELIVERY_TIMEOUT + LEASE_EXTRA_MS;
    const delivery = await this.deliveries.claim(id, this.clock.now(), leaseMs);
    if (delivery === null) return;
    const { event } = delivery;
    await runInStory({ correlationId: event.correlationId, causationId: event.id }, () =>
      withSpan(`notify ${delivery.channel}`, () => this.attempt(delivery), { traceparent: event.traceparent }),
    );
  }

  private async attempt(delivery: DeliveryRow): Promise<void> {
    try {
      await this.channels.post(delivery.channel, { delivery: delivery.id, event: delivery.event });
    } catch (error) {
      await this.fail(delivery, error);
      return;
    }
    await this.deliveries.markDelivered(delivery.id, this.clock.now());
    this.outcomes.add(1, { channel: delivery.channel, outcome: 'delivered' });
    await this.wakeNext(delivery);
  }

  private async fail(delivery: DeliveryRow, error: unknown): Promise<void> {
    const { id, channel, attempts } = delivery;
    const reason = messageOf(error).slice(0, 500);
    const fields = { delivery: id, channel, attempt: attempts, error: reason };
    if (isRetryable(error) && attempts < this.config.GITWAY_DELIVERY_ATTEMPTS) {
      const delayMs = backoffAfter(attempts, this.config.GITWAY_DELIVERY_BACKOFF);
      await this.deliveries.markForRetry(id, reason, new Date(this.clock.now().getTime() + delayMs));
      await this.wake.run(id, attempts, delayMs + WAKE_EXTRA_MS);
      this.outcomes.add(1, { channel, outcome: 'retried' });
      log.warn(fields, 'a notification was not delivered and will be tried again');
      return;
    }
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.deliveries.markFailed(tx.manager, id, reason, this.clock.now()))) return;
      if (!isWorthReporting(delivery.event.type)) return;
      await tx.publish(notificationFailed, {
        channel,
        event: { id: delivery.event.id, type: delivery.event.type },
        attempts,
        reason,
      });
    });
    this.outcomes.add(1, { channel, outcome: 'failed' });
    log.error(fields, 'a notification was given up');
    await this.wakeNext(delivery);
  }

  /** What waited for its turn: later facts of the same incident. */
  private async wakeNext(delivery: DeliveryRow): Promise<void> {
    const next = await this.deliveries.nextAfter(delivery);
    if (next !== null) await this.wake.run(next, 0, 0);
  }
}
