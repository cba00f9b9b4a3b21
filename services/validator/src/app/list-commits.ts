import type { CommitView } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import { CommitStore } from '../adapters/commit-store.ts';

/** Commits that were judged, newest first. */
@Injectable()
export class ListCommits {
  constructor(private readonly store: CommitStore) {}

  async run(limit: number, source?: string): Promise<CommitView[]> {
    const rows = await this.store.newest(limit, source);
    return rows.map((row) => ({
      source: row.source,
      ref: row.ref,
      commit: row.commit,
      author: row.author,
      message: row.message,
      validatedAt: row.validatedAt.toISOString(),
      durationMs: row.durationMs,
      counts: row.counts,
      report: row.report,
      environments: row.environments,
    }));
  }
}
