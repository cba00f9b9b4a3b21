import type { DataOf, EventEnvelope, rolledBack } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { JudgementStore } from '../adapters/judgement-store.ts';

/** What was rolled back needs no verdict any more. */
@Injectable()
export class EndObservation {
  constructor(
    private readonly clock: Clock,
    private readonly judgements: JudgementStore,
  ) {}

  async run({ data }: EventEnvelope<DataOf<typeof rolledBack>>): Promise<Commit> {
    return async ({ manager }) => {
      await this.judgements.lock(manager, data.environment);
      const open = await this.judgements.openIn(manager, data.environment);
      // A deployment that came after the rollback is none of its business.
      if (open === null || open.snapshot !== data.from.snapshot) return;
      await this.judgements.closeAll(manager, data.environment, 'rolled-back', this.clock.now());
    };
  }
}
