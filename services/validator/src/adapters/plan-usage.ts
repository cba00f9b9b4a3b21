import type { Usage, UsageOf } from '@gitway/plan';
import type { DataSource } from 'typeorm';

const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 7;
const MAX_ROWS = 100_000;

export interface PlanUsage {
  readonly usage: UsageOf | undefined;
  readonly usageDays: number;
}

/** Who called what of some APIs in the last days, as far as it is known, for the reach of a plan. */
export class PlanUsageReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Nothing is known of an environment whose usage was never heard, nor of more APIs than can be looked at. */
  async of(environment: string, apis: readonly string[], now: Date): Promise<PlanUsage> {
    const unknown = { usage: undefined, usageDays: LOOK_BACK_DAYS };
    if (apis.length === 0) return unknown;
    const known: { since: Date }[] = await this.dataSource.query(
      'SELECT since FROM usage_known WHERE environment = $1',
      [environment],
    );
    if (known[0] === undefined) return unknown;
    const since = new Date(Math.max(known[0].since.getTime(), now.getTime() - LOOK_BACK_DAYS * DAY_MS));
    const rows: { api: string; operation: string; calls: string; consumers: string[] }[] = await this.dataSource.query(
      `SELECT api, operation, sum(calls) AS calls,
         coalesce(array_agg(DISTINCT consumer) FILTER (WHERE consumer <> ''), '{}') AS consumers
       FROM usage WHERE environment = $1 AND api = ANY($2) AND day >= $3::date
       GROUP BY api, operation LIMIT $4`,
      [environment, apis, since.toISOString().slice(0, 10), MAX_ROWS + 1],
    );
    if (rows.length > MAX_ROWS) return unknown;
    const usageDays = Math.max(1, Math.ceil((now.getTime() - since.getTime()) / DAY_MS));
    return { usage: lookUp(rows, new Set(apis)), usageDays };
  }
}

function lookUp(
  rows: readonly { api: string; operation: string; calls: string; consumers: string[] }[],
  asked: ReadonlySet<string>,
): UsageOf {
  const operations = new Map<string, Usage>();
  const apis = new Map<string, { calls: number; consumers: Set<string> }>();
  for (const { api, operation, calls, consumers } of rows) {
    operations.set(JSON.stringify([api, operation]), { calls: Number(calls), consumers });
    const whole = apis.get(api) ?? { calls: 0, consumers: new Set() };
    whole.calls += Number(calls);
    for (const consumer of consumers) whole.consumers.add(consumer);
    apis.set(api, whole);
  }
  const none: Usage = { calls: 0, consumers: [] };
  return (api, operation) => {
    if (!asked.has(api)) return undefined;
    if (operation !== undefined) return operations.get(JSON.stringify([api, operation])) ?? none;
    const whole = apis.get(api);
    return whole === undefined ? none : { calls: whole.calls, consumers: [...whole.consumers] };
  };
}
