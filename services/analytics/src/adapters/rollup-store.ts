import type { TrafficBatch } from '@gitway/contracts';
import { lockInTransaction } from '@gitway/persistence';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { ApiTraffic } from '../domain/judge.ts';
import { LatencySketch } from '../domain/latency-sketch.ts';
import type { Rollup, SampleRow, UsageRow } from '../domain/rollup.ts';

/** The tables of counts and sketches. All writes of one environment take turns, so that merging a sketch loses nothing. */
@Injectable()
export class RollupStore {
  constructor(private readonly dataSource: DataSource) {}

  /** False when this batch was stored before. */
  async recordBatch(manager: EntityManager, batch: TrafficBatch, receivedAt: Date): Promise<boolean> {
    await lockInTransaction(manager, 'traffic', batch.environment);
    const inserted: unknown[] = await manager.query(
      `INSERT INTO traffic_batch (environment, gateway, epoch, sequence, lost, received_at)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
      [batch.environment, batch.gateway, batch.epoch, batch.sequence, batch.lost, receivedAt],
    );
    return inserted.length > 0;
  }

  async add(manager: EntityManager, environment: string, rollup: Rollup): Promise<void> {
    if (rollup.usage.length > 0) await this.addUsage(manager, environment, rollup.usage);
    if (rollup.samples.length > 0) await this.addSamples(manager, environment, rollup.samples);
  }

  private async addUsage(manager: EntityManager, environment: string, rows: UsageRow[]): Promise<void> {
    await manager.query(
      `INSERT INTO traffic_usage AS u (environment, minute, gateway, api, operation, consumer, snapshot, status,
                                       calls, bytes_in, bytes_out, last_at)
       SELECT $1, to_timestamp(r.minute / 1000.0), r.gateway, r.api, r.operation, r.consumer, r.snapshot, r.status,
              r.calls, r.bytes_in, r.bytes_out, to_timestamp(r.last_at / 1000.0)
       FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[],
                   $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[])
            AS r (minute, gateway, api, operation, consumer, snapshot, status, calls, bytes_in, bytes_out, last_at)
       ON CONFLICT (environment, minute, gateway, api, operation, consumer, snapshot, status) DO UPDATE SET
         calls = u.calls + excluded.calls, bytes_in = u.bytes_in + excluded.bytes_in,
         bytes_out = u.bytes_out + excluded.bytes_out, last_at = greatest(u.last_at, excluded.last_at)`,
      [
        environment,
        rows.map((row) => row.minute),
        rows.map((row) => row.gateway),
        rows.map((row) => row.api),
        rows.map((row) => row.operation),
        rows.map((row) => row.consumer),
        rows.map((row) => row.snapshot),
        rows.map((row) => row.status),
        rows.map((row) => row.calls),
        rows.map((row) => row.bytesIn),
        rows.map((row) => row.bytesOut),
        rows.map((row) => row.lastAt),
      ],
    );
  }

  private async addSamples(manager: EntityManager, environment: string, rows: SampleRow[]): Promise<void> {
    const keys = [
      environment,
      rows.map((row) => row.snapshot),
      rows.map((row) => row.bucket),
      rows.map((row) => row.api),
      rows.map((row) => row.operation),
    ];
    const stored: { place: number; latency: Buffer }[] = await manager.query(
      `SELECT r.place::int AS place, s.latency
       FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) WITH ORDINALITY
            AS r (snapshot, bucket, api, operation, place)
       JOIN traffic_sample s ON s.environment = $1 AND s.snapshot = r.snapshot
         AND s.bucket = to_timestamp(r.bucket / 1000.0) AND s.api = r.api AND s.operation = r.operation`,
      keys,
    );
    for (const { place, latency } of stored) rows[place - 1]?.latency.merge(LatencySketch.fromBytes(latency));
    await manager.query(
      `INSERT INTO traffic_sample AS s (environment, snapshot, bucket, api, operation, requests, errors, latency)
       SELECT $1, r.snapshot, to_timestamp(r.bucket / 1000.0), r.api, r.operation, r.requests, r.errors, r.latency
       FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bytea[])
            AS r (snapshot, bucket, api, operation, requests, errors, latency)
       ON CONFLICT (environment, snapshot, bucket, api, operation) DO UPDATE SET
         requests = s.requests + excluded.requests, errors = s.errors + excluded.errors, latency = excluded.latency`,
      [
        ...keys,
        rows.map((row) => row.requests),
        rows.map((row) => row.errors),
        rows.map((row) => row.latency.toBytes()),
      ],
    );
  }

  /** What was served per API under one revision, in buckets that begin within `from` (inclusive) and `to`. */
  async trafficOf(
    manager: EntityManager,
    environment: string,
    snapshot: string,
    from: Date,
    to: Date,
  ): Promise<ApiTraffic[]> {
    const rows: { api: string; requests: string; errors: string; latency: Buffer }[] = await manager.query(
      `SELECT api, requests, errors, latency FROM traffic_sample
       WHERE environment = $1 AND snapshot = $2 AND bucket >= $3 AND bucket < $4 ORDER BY api`,
      [environment, snapshot, from, to],
    );
    const byApi = new Map<string, { api: string; requests: number; errors: number; latency: LatencySketch }>();
    for (const row of rows) {
      let traffic = byApi.get(row.api);
      if (traffic === undefined) {
        byApi.set(row.api, (traffic = { api: row.api, requests: 0, errors: 0, latency: LatencySketch.empty() }));
      }
      traffic.requests += Number(row.requests);
      traffic.errors += Number(row.errors);
      traffic.latency.merge(LatencySketch.fromBytes(row.latency));
    }
    return [...byApi.values()];
  }

  /** Call records that agents know to be lost, received since then. */
  async lostSince(manager: EntityManager, environment: string, since: Date): Promise<number> {
    const [row]: { lost: string }[] = await manager.query(
      'SELECT coalesce(sum(lost), 0) AS lost FROM traffic_batch WHERE environment = $1 AND received_at >= $2',
      [environment, since],
    );
    return Number(row?.lost ?? 0);
  }

  /** Deletes what is older, a bounded piece at a time. @returns rows deleted */
  async prune(table: 'traffic_usage' | 'traffic_sample' | 'traffic_batch', before: Date): Promise<number> {
    const column = { traffic_usage: 'minute', traffic_sample: 'bucket', traffic_batch: 'received_at' }[table];
    const [, deleted]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT 5000))`,
      [before],
    );
    return deleted;
  }
}
