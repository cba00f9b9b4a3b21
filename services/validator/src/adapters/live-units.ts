import { snapshotSchema, type Snapshot, type Unit, unitSchema } from '@gitway/contracts';
import { ArtifactStore } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';

const IN_PARALLEL = 32;
const anything = z.unknown();

/** Which snapshot an environment is known to serve, and since when. */
export interface LiveState {
  readonly snapshot: string;
  readonly commit: string;
  readonly at: Date;
}

/** What is live: told by the catalogue's states, read from the artifact store. */
@Injectable()
export class LiveUnits {
  constructor(
    private readonly dataSource: DataSource,
    private readonly artifacts: ArtifactStore,
  ) {}

  async statesOf(environments: readonly string[]): Promise<Map<string, LiveState>> {
    if (environments.length === 0) return new Map();
    const rows: (LiveState & { environment: string })[] = await this.dataSource.query(
      `SELECT environment, snapshot, commit, at FROM catalogue_states WHERE state = 'live' AND environment = ANY($1)`,
      [environments],
    );
    return new Map(rows.map(({ environment, ...state }) => [environment, state]));
  }

  /** @throws NotFoundError where the store has lost it */
  snapshot(digest: string): Promise<Snapshot> {
    return this.artifacts.getJson('snapshot', digest, snapshotSchema);
  }

  /**
   * In the order that is asked; null where an earlier release wrote what this one cannot read.
   *
   * @throws NotFoundError where the store has lost one
   */
  async units(refs: Snapshot['units']): Promise<(Unit | null)[]> {
    const units: (Unit | null)[] = [];
    let next = 0;
    const take = async () => {
      while (next < refs.length) {
        const index = next++;
        const stored = await this.artifacts.getJson('unit', refs[index]!.digest, anything);
        units[index] = unitSchema.safeParse(stored).data ?? null;
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_PARALLEL, refs.length) }, take));
    return units;
  }
}
