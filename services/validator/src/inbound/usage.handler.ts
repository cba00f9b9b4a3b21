import { type DataOf, type EventEnvelope, usageSummarised } from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { RecordUsage } from '../app/record-usage.ts';

@Controller()
export class UsageHandler {
  constructor(private readonly record: RecordUsage) {}

  @OnFact(usageSummarised)
  onUsageSummarised({ data }: EventEnvelope<DataOf<typeof usageSummarised>>): Promise<Commit> {
    return Promise.resolve(this.record.run(data));
  }
}
