import { diffSnapshots, environmentUnitSchema, snapshotSchema, type Snapshot } from '@gitway/contracts';
import { InternalError, NotFoundError, TransientError } from '@gitway/errors';
import { ArtifactStore } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import type { Changes } from '../adapters/entities.ts';
import type { Settings } from '../domain/state.ts';

/** Snapshots are immutable, so what was read once is kept. */
const KEPT = 64;
const MAX_UNITS_TOLD = 500;

/** Reads snapshots and what they say about their environment. */
@Injectable()
export class SnapshotReader {
  private readonly kept = new Map<string, Snapshot>();

  constructor(private readonly artifacts: ArtifactStore) {}

  async read(digest: string): Promise<Snapshot> {
    const known = this.kept.get(digest);
    if (known !== undefined) return known;
    const snapshot = await soon(() => this.artifacts.getJson('snapshot', digest, snapshotSchema));
    this.kept.set(digest, snapshot);
    if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value as string);
    return snapshot;
  }

  /** What the environment unit of a snapshot says about deploying it. */
  async settings(digest: string, environment: string): Promise<Settings> {
    const snapshot = await this.read(digest);
    const unit = snapshot.units.find(({ kind, name }) => kind === 'environment' && name === environment);
    if (unit === undefined) {
      throw new InternalError('no-environment-unit', `snapshot ${digest} does not say what ${environment} is`);
    }
    const { gateways, promoteFrom, promotion, analysis, drift } = await soon(() =>
      this.artifacts.getJson('unit', unit.digest, environmentUnitSchema),
    );
    return { gateways, promoteFrom, promotion, analysis, drift };
  }

  /** Reads both, so that `changes` can answer; a snapshot that cannot be read is left out. */
  async warm(digests: readonly (string | null)[]): Promise<void> {
    await Promise.all(digests.filter((digest) => digest !== null).map((digest) => this.read(digest).catch(() => null)));
  }

  /** What changes from one snapshot (null: nothing) to another; undefined where one of them was not read. */
  changes(before: string | null, after: string): Changes | undefined {
    const to = this.kept.get(after);
    const from = before === null ? null : this.kept.get(before);
    if (to === undefined || from === undefined) return undefined;
    const units = diffSnapshots(from, to);
    return { total: units.length, units: units.slice(0, MAX_UNITS_TOLD) };
  }
}

/** The fact that names an artifact may overtake it by a moment (replicas of a bucket): worth another try. */
async function soon<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof NotFoundError)
      throw new TransientError('artifact-not-there-yet', error.message, { cause: error });
    throw error;
  }
}
