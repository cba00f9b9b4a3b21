import type { UsageQuery, UsageView } from '@gitway/contracts';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { UsageStore } from '../adapters/usage-store.ts';

const USUAL_MS = 7 * 86_400_000;

/** Who called an API, as far as it is known here. */
@Injectable()
export class ReadUsage {
  constructor(
    private readonly store: UsageStore,
    private readonly clock: Clock,
  ) {}

  async run({ environment, api, since }: UsageQuery): Promise<UsageView> {
    const from = since === undefined ? new Date(this.clock.now().getTime() - USUAL_MS) : new Date(since);
    const { knownSince, items, truncated } = await this.store.of(environment, api, from);
    return { environment, api, knownSince: knownSince?.toISOString() ?? null, items, truncated };
  }
}
