import type { DataOf, usageSummarised } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { UsageStore } from '../adapters/usage-store.ts';

/** Adds the calls of an interval to what is known; the inbox sees to it that each fact counts once. */
@Injectable()
export class RecordUsage {
  constructor(
    private readonly store: UsageStore,
    private readonly clock: Clock,
  ) {}

  run(summary: DataOf<typeof usageSummarised>): Commit {
    return (tx) => this.store.add(tx.manager, summary, this.clock.now());
  }
}
