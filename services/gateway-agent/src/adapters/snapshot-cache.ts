import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ArtifactKind,
  canonicalJson,
  digestOfBytes,
  type Snapshot,
  snapshotSchema,
  unitSchema,
} from '@gitway/contracts';
import type { SnapshotUnit } from '@gitway/drivers';
import { ArtifactStore } from '@gitway/messaging';
import type { z } from 'zod';
import { writeWhole } from './gateway-files.ts';

export interface LoadedSnapshot {
  readonly digest: string;
  readonly snapshot: Snapshot;
  readonly units: readonly SnapshotUnit[];
}

const CONCURRENCY = 64;

/**
 * Snapshots and their units: from memory, else from disk, else from the artifact store, verified wherever they come
 * from. So a snapshot costs what it changed, and a gateway starts without a network from what it had.
 */
export class SnapshotCache {
  private units = new Map<string, SnapshotUnit>();
  private readonly dir: string;

  constructor(
    gatewayDir: string,
    private readonly store: ArtifactStore,
  ) {
    this.dir = join(gatewayDir, 'cache');
  }

  /** @throws what the artifact store throws for what is in neither place */
  async load(digest: string): Promise<LoadedSnapshot> {
    const snapshot = await this.get('snapshot', digest, snapshotSchema);
    const units: SnapshotUnit[] = [];
    let next = 0;
    const worker = async () => {
      for (let index = next++; index < snapshot.units.length; index = next++) {
        const ref = snapshot.units[index] as Snapshot['units'][number];
        const known = this.units.get(ref.digest);
        units[index] = known ?? { digest: ref.digest, unit: await this.get('unit', ref.digest, unitSchema) };
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, worker));
    for (const unit of units) this.units.set(unit.digest, unit);
    return { digest, snapshot, units };
  }

  /** From disk only; null when it is not all there. */
  async fromDisk(digest: string): Promise<LoadedSnapshot | null> {
    try {
      const snapshot = await this.read('snapshot', digest, snapshotSchema);
      const units: SnapshotUnit[] = [];
      for (const ref of snapshot?.units ?? []) {
        const unit = this.units.get(ref.digest)?.unit ?? (await this.read('unit', ref.digest, unitSchema));
        if (unit === null) return null;
        units.push({ digest: ref.digest, unit });
      }
      return snapshot === null ? null : { digest, snapshot, units };
    } catch {
      return null;
    }
  }

  /** Forgets what none of these uses. */
  async prune(kept: readonly LoadedSnapshot[]): Promise<void> {
    const used = new Set(
      kept.flatMap(({ digest, snapshot }) => [digest, ...snapshot.units.map((unit) => unit.digest)]),
    );
    for (const digest of this.units.keys()) if (!used.has(digest)) this.units.delete(digest);
    for (const name of await readdir(this.dir)) {
      if (!used.has(name.slice(name.indexOf('.') + 1))) await rm(join(this.dir, name), { force: true });
    }
  }

  private async get<T>(kind: Exclude<ArtifactKind, 'blob'>, digest: string, schema: z.ZodType<T>): Promise<T> {
    const cached = await this.read(kind, digest, schema);
    if (cached !== null) return cached;
    const value = await this.store.getJson(kind, digest, schema);
    const text = canonicalJson(value);
    if (digestOfBytes(text) === digest) await writeWhole(this.path(kind, digest), text);
    return value;
  }

  private async read<T>(kind: ArtifactKind, digest: string, schema: z.ZodType<T>): Promise<T | null> {
    const bytes = await readFile(this.path(kind, digest)).catch(() => null);
    if (bytes === null || digestOfBytes(bytes) !== digest) return null;
    const parsed = schema.safeParse(JSON.parse(bytes.toString('utf8')));
    return parsed.success ? parsed.data : null;
  }

  private path(kind: ArtifactKind, digest: string): string {
    return join(this.dir, `${kind}.${digest}`);
  }
}
