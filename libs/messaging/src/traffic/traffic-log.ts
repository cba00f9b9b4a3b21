import { type TrafficBatch, trafficBatchSchema, trafficSubject } from '@gitway/contracts';
import type { MessageBus } from '../bus/message-bus.ts';

/** Where agents leave what their gateways answered. Consumers use `@OnTraffic`. */
export abstract class TrafficLog {
  /** Resolves once the batch is stored; the same batch (gateway, epoch, sequence) again is not stored twice. */
  abstract publish(batch: TrafficBatch): Promise<void>;
}

export class BusTrafficLog extends TrafficLog {
  constructor(private readonly bus: MessageBus) {
    super();
  }

  async publish(batch: TrafficBatch): Promise<void> {
    await this.bus.publish({
      subject: trafficSubject(batch.environment, batch.gateway),
      id: `${batch.environment}/${batch.gateway}/${batch.epoch}/${batch.sequence}`,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(trafficBatchSchema.parse(batch))),
    });
  }
}

export class InMemoryTrafficLog extends TrafficLog {
  readonly batches: TrafficBatch[] = [];

  async publish(batch: TrafficBatch): Promise<void> {
    const same = (other: TrafficBatch) =>
      other.gateway === batch.gateway && other.epoch === batch.epoch && other.sequence === batch.sequence;
    if (!this.batches.some(same)) this.batches.push(batch);
  }
}
