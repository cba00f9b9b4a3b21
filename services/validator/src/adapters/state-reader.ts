import { type Snapshot, snapshotSchema, type Unit, type UnitRef } from '@gitway/contracts';
import { ArtifactStore } from '@gitway/messaging';
import { differingUnits, type PlannedState } from '@gitway/plan';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const IN_PARALLEL = 32;
const KEPT_SNAPSHOTS = 8;

/** Older releases had other fields; a plan looks at whatever there is, and the digest says that it is what was stored. */
const anyUnit = z.looseObject({ kind: z.string(), name: z.string() });

/** Snapshots and units as they were stored, for plans: as few of them as a plan needs. */
@Injectable()
export class StateReader {
  private readonly snapshots = new Map<string, Snapshot>();

  constructor(private readonly artifacts: ArtifactStore) {}

  async snapshot(digest: string): Promise<Snapshot> {
    const snapshot = this.snapshots.get(digest) ?? (await this.artifacts.getJson('snapshot', digest, snapshotSchema));
    this.snapshots.delete(digest);
    this.snapshots.set(digest, snapshot);
    for (const oldest of this.snapshots.keys()) {
      if (this.snapshots.size <= KEPT_SNAPSHOTS) break;
      this.snapshots.delete(oldest);
    }
    return snapshot;
  }

  /**
   * Two snapshots with the units that differ between them, and those that say how far that reaches.
   *
   * @param known units that are at hand already
   */
  async sides(
    before: { digest: string; snapshot: Snapshot } | null,
    after: { digest: string; snapshot: Snapshot },
    known: (digest: string) => Unit | undefined = () => undefined,
  ): Promise<[PlannedState | null, PlannedState]> {
    const units = new Map<string, Unit>();
    const pairs = differingUnits(before, after);
    const wanted = pairs.flatMap((pair) => [pair.before, pair.after]).filter((ref) => ref !== undefined);
    // What a consumer plan opens is written in the APIs; who holds it, in the consumers.
    const opens = wanted.some(({ kind }) => kind === 'plan');
    const widens = ({ kind }: UnitRef) => kind === 'consumers' || kind === 'environment' || (opens && kind === 'api');
    const around = [...(before?.snapshot.units ?? []), ...after.snapshot.units].filter(widens);
    const missing: UnitRef[] = [];
    for (const ref of [...wanted, ...around]) {
      const unit = known(ref.digest);
      if (unit === undefined) missing.push(ref);
      else units.set(ref.digest, unit);
    }
    await this.load(missing, units);
    return [before === null ? null : { ...before, units }, { ...after, units }];
  }

  private async load(refs: readonly UnitRef[], into: Map<string, Unit>): Promise<void> {
    const digests = [...new Set(refs.map(({ digest }) => digest))];
    let next = 0;
    const take = async () => {
      while (next < digests.length) {
        const digest = digests[next++]!;
        into.set(digest, (await this.artifacts.getJson('unit', digest, anyUnit)) as unknown as Unit);
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_PARALLEL, digests.length) }, take));
  }
}
