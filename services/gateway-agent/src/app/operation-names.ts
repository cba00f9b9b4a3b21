import type { SnapshotUnit } from '@gitway/drivers';
import type { LoadedSnapshot } from '../adapters/snapshot-cache.ts';
import { OperationIndex } from '../domain/operations.ts';

/** Old workers finish their calls under earlier revisions. */
const KEPT_SNAPSHOTS = 8;

/** Names the operation of a call by the API as the revision that answered it declared it. */
export class OperationNames {
  private readonly snapshots = new Map<string, Map<string, SnapshotUnit>>();
  private readonly indexes = new WeakMap<SnapshotUnit, OperationIndex>();

  remember(loaded: LoadedSnapshot): void {
    this.snapshots.delete(loaded.digest);
    const apis = loaded.units.filter(({ unit }) => unit.kind === 'api');
    this.snapshots.set(loaded.digest, new Map(apis.map((stored) => [stored.unit.name, stored])));
    const [oldest] = this.snapshots.keys();
    if (this.snapshots.size > KEPT_SNAPSHOTS && oldest !== undefined) this.snapshots.delete(oldest);
  }

  name(snapshot: string | null, api: string, method: string, path: string): string | null {
    const stored = snapshot === null ? undefined : this.snapshots.get(snapshot)?.get(api);
    if (stored?.unit.kind !== 'api') return null;
    let index = this.indexes.get(stored);
    if (index === undefined) {
      index = new OperationIndex(stored.unit);
      this.indexes.set(stored, index);
    }
    return index.find(method, path);
  }
}
