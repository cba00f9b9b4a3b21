import { apiEntryOf, planEntryOf } from '@gitway/compiler';
import { type ApiEntry, type Snapshot, snapshotSchema, unitSchema } from '@gitway/contracts';
import { ArtifactStore, type Commit } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { CatalogueStore } from '../adapters/catalogue-store.ts';
import { LiveHistory } from '../adapters/live-history.ts';
import { UsageStore } from '../adapters/usage-store.ts';
import { apisOf } from '../domain/catalogue.ts';
import { renamedBetween } from '../domain/renamed.ts';

const IN_PARALLEL = 32;

/** What a fact says of an environment: every gateway was read back and serves this snapshot. */
export interface WentLive {
  readonly environment: string;
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly snapshot: string;
  readonly at: Date;
}

/** Brings the catalogue's live state to what is served. Versions that it has forgotten (a rollback) are read again. */
@Injectable()
export class FollowLive {
  constructor(
    private readonly store: CatalogueStore,
    private readonly artifacts: ArtifactStore,
    private readonly history: LiveHistory,
    private readonly usage: UsageStore,
  ) {}

  async run(live: WentLive): Promise<Commit> {
    const snapshot = await this.artifacts.getJson('snapshot', live.snapshot, snapshotSchema);
    const refs = (kind: Snapshot['units'][number]['kind']) => snapshot.units.filter((unit) => unit.kind === kind);
    const apis = apisOf(snapshot);
    const missing = await this.store.missing(live.environment, apis);
    const entries = new Map<string, ApiEntry>();
    await this.each(missing, async ({ unit: digest }) => {
      const unit = await this.artifacts.getJson('unit', digest, unitSchema);
      if (unit.kind === 'api') entries.set(digest, apiEntryOf(unit, digest));
    });
    const plans = await this.each(refs('plan'), async ({ digest }) => {
      const unit = await this.artifacts.getJson('unit', digest, unitSchema);
      return unit.kind === 'plan' ? [planEntryOf(unit)] : [];
    });
    return async (tx) => {
      const move = { ...live, apis, plans: plans.flat(), entryOf: (unit: string) => entries.get(unit) };
      const moved = await this.store.moveLive(tx.manager, move);
      if (moved.left.length + moved.joined.length === 0) return;
      await this.history.move(tx.manager, live.environment, moved, live.at);
      await this.usage.carryOver(tx.manager, live.environment, renamedBetween(moved.left, moved.joined));
    };
  }

  private async each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
    const results: R[] = [];
    let next = 0;
    const take = async () => {
      while (next < items.length) {
        const index = next++;
        results[index] = await work(items[index]!);
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_PARALLEL, items.length) }, take));
    return results;
  }
}
