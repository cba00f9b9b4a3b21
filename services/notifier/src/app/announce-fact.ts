import { randomUUID } from 'node:crypto';
import type { EventEnvelope } from '@gitway/contracts';
import type { Tx } from '@gitway/messaging';
import { afterCommit } from '@gitway/persistence';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { Channels } from '../adapters/channels/registry.ts';
import { DeliveryStore } from '../adapters/delivery-store.ts';
import { channelsFor, orderKeyOf } from '../domain/announcements.ts';
import { WakeDeliveries } from './wake-deliveries.ts';

/** Notes down, for each channel that is to hear of a fact, that it has to. */
@Injectable()
export class AnnounceFact {
  constructor(
    private readonly clock: Clock,
    private readonly channels: Channels,
    private readonly deliveries: DeliveryStore,
    private readonly wake: WakeDeliveries,
  ) {}

  /** Whether anybody is to hear of it. */
  concerns(event: EventEnvelope): boolean {
    return channelsFor(event, this.channels.settings).length > 0;
  }

  async within({ manager }: Tx, event: EventEnvelope): Promise<void> {
    const now = this.clock.now();
    for (const channel of channelsFor(event, this.channels.settings)) {
      const id = await this.deliveries.insert(
        manager,
        { id: randomUUID(), channel: channel.name, orderKey: orderKeyOf(event), event },
        now,
      );
      if (id !== null) afterCommit(manager, () => void this.wake.run(id, 0, 0));
    }
  }
}
