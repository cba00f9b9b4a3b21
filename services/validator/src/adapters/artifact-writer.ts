import type { CompileResult } from '@gitway/compiler';
import {
  type ChangePlan,
  digestOf,
  type remoteFileSchema,
  type Report,
  type Snapshot,
  type Unit,
} from '@gitway/contracts';
import { ArtifactStore } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';

type CompiledDocuments = CompileResult['documents'];

const REMEMBERED = 500_000;
const IN_PARALLEL = 64;

/** Puts what a compile made into the artifact store; what this process has put before is not put again. */
@Injectable()
export class ArtifactWriter {
  private readonly stored = new Set<string>();

  constructor(private readonly artifacts: ArtifactStore) {}

  async putUnits(units: Iterable<readonly [string, Unit]>): Promise<void> {
    const missing = [...units].filter(([digest]) => !this.stored.has(digest));
    let next = 0;
    const work = async () => {
      while (next < missing.length) {
        const [digest, unit] = missing[next++]!;
        await this.artifacts.putJson('unit', unit);
        this.remember(digest);
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_PARALLEL, missing.length) }, work));
  }

  async putSnapshot(snapshot: Snapshot, digest: string): Promise<void> {
    if (this.stored.has(digest)) return;
    await this.artifacts.putJson('snapshot', snapshot);
    this.remember(digest);
  }

  /**
   * Keeps what documents took from other servers, which may say something else tomorrow.
   *
   * @returns the documents, with the digests under which their files of other servers are kept as those files' ids
   */
  async putCopies({ remote, documents }: Pick<CompileResult, 'remote' | 'documents'>): Promise<CompiledDocuments> {
    if (remote.size === 0) return documents;
    const kept = new Map<string, string>();
    for (const url of new Set([...documents.values()].flatMap(({ files }) => files.map(({ path }) => path)))) {
      const copy = remote.get(url);
      if (copy === undefined) continue;
      const file = { url, base64: Buffer.from(copy.bytes).toString('base64') };
      kept.set(url, await this.putOnce('remote-file', file));
    }
    return new Map(
      [...documents].map(([digest, document]) => {
        const files = document.files.map((file) => ({ ...file, oid: kept.get(file.path) ?? file.oid }));
        return [digest, { ...document, files }];
      }),
    );
  }

  /** @returns its digest */
  putReport(report: Report): Promise<string> {
    return this.putOnce('report', report);
  }

  /** @returns its digest */
  putPlan(plan: ChangePlan): Promise<string> {
    return this.putOnce('plan', plan);
  }

  private async putOnce(
    kind: 'report' | 'plan' | 'remote-file',
    value: Report | ChangePlan | z.infer<typeof remoteFileSchema>,
  ): Promise<string> {
    const digest = digestOf(value);
    if (!this.stored.has(digest)) {
      await this.artifacts.putJson(kind, value);
      this.remember(digest);
    }
    return digest;
  }

  private remember(digest: string): void {
    if (this.stored.size >= REMEMBERED) this.stored.clear();
    this.stored.add(digest);
  }
}
