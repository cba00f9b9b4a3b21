import type { TrafficBatch } from '@gitway/contracts';
import { type Commit, OnTraffic } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { RecordTraffic } from '../app/record-traffic.ts';

@Controller()
export class TrafficHandler {
  constructor(private readonly recordTraffic: RecordTraffic) {}

  @OnTraffic()
  handle(batch: TrafficBatch): Promise<Commit> {
    return this.recordTraffic.run(batch);
  }
}
