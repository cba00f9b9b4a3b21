import type { CompiledDocument } from '@gitway/compiler';
import type { ApiEntry } from '@gitway/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { storableJson } from './storable.ts';

/** A deprecation that was interrupted for less (a rollback, a mistake) goes on. */
const INTERRUPTION = '7 days';
const KEPT_VERSIONS = '30 days';
const KEPT_DOCUMENTS = '180 days';
const ROWS_AT_ONCE = 500;
const DAY_MS = 86_400_000;

export type DocumentFiles = CompiledDocument['files'];

/** What documents were made from, since when operations have been deprecated, and which versions were live before. */
export class LiveHistory {
  private readonly stored = new Set<string>();
  private prunedAt = 0;

  constructor(private readonly dataSource: DataSource) {}

  /** Makes documents known by their digests, before anything states a snapshot that has them. */
  async putDocuments(documents: ReadonlyMap<string, CompiledDocument>, now: Date): Promise<void> {
    await this.prune(now);
    const missing = [...documents].filter(([digest]) => !this.stored.has(digest));
    for (let start = 0; start < missing.length; start += ROWS_AT_ONCE) {
      const rows = missing
        .slice(start, start + ROWS_AT_ONCE)
        .map(([digest, { files, deprecated }]) => ({ digest, files, deprecated }));
      await this.dataSource.query(
        `INSERT INTO documents (digest, files, deprecated)
         SELECT digest, files, deprecated FROM jsonb_to_recordset($1::jsonb)
           AS row(digest text, files jsonb, deprecated jsonb)
         ON CONFLICT (digest) DO NOTHING`,
        [storableJson(rows)],
      );
      for (const { digest } of rows) this.stored.add(digest);
    }
  }

  async filesOf(digest: string): Promise<DocumentFiles | undefined> {
    const rows: { files: DocumentFiles }[] = await this.dataSource.query(
      'SELECT files FROM documents WHERE digest = $1',
      [digest],
    );
    return rows[0]?.files;
  }

  /** Notes what went live and what left with it. */
  async move(
    manager: EntityManager,
    environment: string,
    { left, joined }: { left: readonly ApiEntry[]; joined: readonly ApiEntry[] },
    at: Date,
  ): Promise<void> {
    await manager.query(
      `INSERT INTO former_versions (environment, api, unit, until)
       SELECT $1, api, unit, $4 FROM unnest($2::text[], $3::text[]) AS these(api, unit)
       ON CONFLICT (environment, api, unit) DO UPDATE SET until = excluded.until`,
      [environment, left.map(({ name }) => name), left.map(({ unit }) => unit), at],
    );
    await manager.query(
      `DELETE FROM former_versions WHERE environment = $1 AND until < $2::timestamptz - $3::interval`,
      [environment, at, KEPT_VERSIONS],
    );
    const touched = [...new Set([...left, ...joined].map(({ name }) => name))];
    await manager.query(
      'UPDATE deprecations SET ended_at = $3 WHERE environment = $1 AND api = ANY($2) AND ended_at IS NULL',
      [environment, touched, at],
    );
    await manager.query(
      `INSERT INTO deprecations (environment, api, operation, since)
       SELECT $1, these.api, operation, $5
       FROM unnest($2::text[], $3::text[], $4::boolean[]) AS these(api, digest, deprecated)
       LEFT JOIN documents ON documents.digest = these.digest
       CROSS JOIN LATERAL (
         SELECT jsonb_array_elements_text(coalesce(documents.deprecated, '[]'::jsonb)) AS operation
         UNION SELECT '' WHERE these.deprecated) operations
       ON CONFLICT (environment, api, operation) DO UPDATE SET ended_at = NULL, since =
         CASE WHEN deprecations.ended_at IS NULL OR deprecations.ended_at >= $5::timestamptz - $6::interval
              THEN deprecations.since ELSE excluded.since END`,
      [
        environment,
        joined.map(({ name }) => name),
        joined.map(({ documentation }) => documentation),
        joined.map(({ lifecycle }) => lifecycle === 'deprecated'),
        at,
        INTERRUPTION,
      ],
    );
  }

  async deprecations(environment: string, api: string): Promise<Map<string, Date>> {
    const rows: { operation: string; since: Date }[] = await this.dataSource.query(
      'SELECT operation, since FROM deprecations WHERE environment = $1 AND api = $2 AND ended_at IS NULL',
      [environment, api],
    );
    return new Map(rows.map(({ operation, since }) => [operation, since]));
  }

  async servedUntil(environment: string, api: string, unit: string): Promise<Date | undefined> {
    const rows: { until: Date }[] = await this.dataSource.query(
      'SELECT until FROM former_versions WHERE environment = $1 AND api = $2 AND unit = $3',
      [environment, api, unit],
    );
    return rows[0]?.until;
  }

  /** Documents that no environment has any more are kept for rollbacks, and then forgotten. */
  private async prune(now: Date): Promise<void> {
    if (now.getTime() - this.prunedAt < DAY_MS) return;
    this.prunedAt = now.getTime();
    this.stored.clear();
    await this.dataSource.query(
      `DELETE FROM documents WHERE stored_at < $1::timestamptz - $2::interval
         AND NOT EXISTS (SELECT FROM catalogue_apis WHERE entry->>'documentation' = documents.digest)`,
      [now, KEPT_DOCUMENTS],
    );
  }
}
