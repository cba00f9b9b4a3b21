import { type DataOf, type EventEnvelope, rolledBack } from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { WriteBackRollback } from '../app/write-back-rollback.ts';

@Controller()
export class RolledBackHandler {
  constructor(private readonly writeBack: WriteBackRollback) {}

  @OnFact(rolledBack)
  handle(event: EventEnvelope<DataOf<typeof rolledBack>>): Promise<Commit> {
    return this.writeBack.run(event.data, event.id);
  }
}
