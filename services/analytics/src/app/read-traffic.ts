import type { TrafficView } from '@gitway/contracts';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { LatencySketch } from '../domain/latency-sketch.ts';
import { MINUTE_MS } from '../domain/rollup.ts';
import { sampleOf } from '../domain/verdict.ts';

interface Sum {
  requests: number;
  errors: number;
  readonly latency: LatencySketch;
}

interface ApiSum extends Sum {
  readonly byStatus: Record<string, number>;
  readonly operations: Map<string, Sum>;
  readonly consumers: Map<string, number>;
}

const MAX_CONSUMERS = 100;
const newSum = (): Sum => ({ requests: 0, errors: 0, latency: LatencySketch.empty() });

/** The last minutes of an environment: counts of every answered call, latencies of what the upstreams answered. */
@Injectable()
export class ReadTraffic {
  constructor(
    private readonly clock: Clock,
    private readonly dataSource: DataSource,
  ) {}

  async run(environment: string, minutes: number): Promise<TrafficView> {
    const to = this.clock.now();
    const from = new Date(Math.floor((to.getTime() - minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS);
    const apis = new Map<string, ApiSum>();
    await this.addCounts(apis, environment, from);
    await this.addLatencies(apis, environment, from);
    return {
      environment,
      from: from.toISOString(),
      to: to.toISOString(),
      apis: [...apis].sort(([a], [b]) => (a < b ? -1 : 1)).map(([api, sum]) => viewOf(api, sum)),
    };
  }

  private async addCounts(apis: Map<string, ApiSum>, environment: string, from: Date): Promise<void> {
    const rows: { api: string; operation: string; consumer: string; status: number; calls: string }[] =
      await this.dataSource.query(
        `SELECT api, operation, consumer, greatest(status, 0) / 100 AS status, sum(calls) AS calls FROM traffic_usage
         WHERE environment = $1 AND minute >= $2 AND api <> '' GROUP BY 1, 2, 3, 4`,
        [environment, from],
      );
    for (const row of rows) {
      const calls = Number(row.calls);
      const api = sumOf(apis, row.api);
      let operation = api.operations.get(row.operation);
      if (operation === undefined) api.operations.set(row.operation, (operation = newSum()));
      for (const sum of [api, operation]) {
        sum.requests += calls;
        if (row.status === 5) sum.errors += calls;
      }
      const statusClass = row.status === 0 ? 'none' : `${row.status}xx`;
      api.byStatus[statusClass] = (api.byStatus[statusClass] ?? 0) + calls;
      api.consumers.set(row.consumer, (api.consumers.get(row.consumer) ?? 0) + calls);
    }
  }

  private async addLatencies(apis: Map<string, ApiSum>, environment: string, from: Date): Promise<void> {
    const rows: { api: string; operation: string; latency: Buffer }[] = await this.dataSource.query(
      'SELECT api, operation, latency FROM traffic_sample WHERE environment = $1 AND bucket >= $2',
      [environment, from],
    );
    for (const row of rows) {
      const sketch = LatencySketch.fromBytes(row.latency);
      const api = apis.get(row.api);
      api?.latency.merge(sketch);
      api?.operations.get(row.operation)?.latency.merge(sketch);
    }
  }
}

function sumOf(apis: Map<string, ApiSum>, name: string): ApiSum {
  let sum = apis.get(name);
  if (sum === undefined) {
    apis.set(name, (sum = { ...newSum(), byStatus: {}, operations: new Map(), consumers: new Map() }));
  }
  return sum;
}

function viewOf(api: string, sum: ApiSum): TrafficView['apis'][number] {
  return {
    api,
    ...sampleOf(sum),
    byStatus: sum.byStatus,
    operations: [...sum.operations]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([operation, each]) => ({ operation: operation || null, ...sampleOf(each) })),
    consumers: [...sum.consumers]
      .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
      .slice(0, MAX_CONSUMERS)
      .map(([consumer, calls]) => ({ consumer: consumer || null, calls })),
  };
}
