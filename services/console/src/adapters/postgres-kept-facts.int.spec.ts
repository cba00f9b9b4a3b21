import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '@gitway/persistence';
import { usePostgres, waitFor } from '@gitway/testing';
import type { DataSource } from 'typeorm';
import { Console1763900000000 } from '../migrations/console-1763900000000.ts';
import { FactRow } from './fact.entity.ts';
import { PostgresFactSignal } from './postgres-fact-signal.ts';
import { PostgresKeptFacts, keepFact } from './postgres-kept-facts.ts';

const postgres = usePostgres();
const week = 7 * 86_400_000;
let dataSource: DataSource;
let facts: PostgresKeptFacts;

beforeAll(async () => {
  dataSource = await createDataSource({
    url: postgres.url(),
    entities: [FactRow],
    migrations: [Console1763900000000],
    poolSize: 10,
  });
  facts = new PostgresKeptFacts(dataSource);
});
afterAll(() => dataSource.destroy());

const keep = (eventId: string, retention = { maxFacts: 10_000, maxAgeMs: week }) =>
  dataSource.transaction((manager) =>
    keepFact(manager, { eventId, fact: 'deployed', environments: ['production'], json: '{"a":"\\u0000"}' }, retention),
  );

describe('kept facts', () => {
  it('become visible in the order of their sequence, however many write at once', async () => {
    const seen: bigint[] = [];
    let writing = true;
    const reader = (async () => {
      while (writing || (await facts.after(seen.at(-1) ?? 0n, 1)).length > 0) {
        for (const kept of await facts.after(seen.at(-1) ?? 0n, 500)) seen.push(kept.sequence);
      }
    })();
    await Promise.all(Array.from({ length: 90 }, (_, index) => keep(`parallel-${index}`)));
    writing = false;
    await reader;
    const range = await facts.range();
    expect(seen).toHaveLength(90);
    expect(new Set(seen).size).toBe(90);
    expect(range?.newest).toBe(seen.at(-1));
  });

  it('are kept once, and signalled once the transaction is through', async () => {
    const signal = new PostgresFactSignal(postgres.url());
    let signals = 0;
    signal.start(() => (signals += 1));
    await waitFor(() => signals === 1);
    await keep('twice');
    await waitFor(() => signals === 2);
    const newest = (await facts.range())!.newest;
    await keep('twice');
    expect((await facts.range())!.newest).toBe(newest);
    const [last] = await facts.latest(1);
    expect(last).toEqual({
      sequence: newest,
      fact: 'deployed',
      environments: ['production'],
      json: '{"a":"\\u0000"}',
    });
    await signal.stop();
  });

  it('signal again after the connection broke', async () => {
    const signal = new PostgresFactSignal(postgres.url());
    let signals = 0;
    signal.start(() => (signals += 1));
    await waitFor(() => signals === 1);
    await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN gitway_console%'`,
    );
    await waitFor(() => signals === 2);
    await keep('after the break');
    await waitFor(() => signals === 3);
    await signal.stop();
  });

  it('are forgotten by number and by age', async () => {
    for (let n = 0; n < 250; n++) await keep(`many-${n}`, { maxFacts: 100, maxAgeMs: week });
    const range = (await facts.range())!;
    expect(Number(range.newest - range.oldest)).toBeGreaterThanOrEqual(99);
    expect(Number(range.newest - range.oldest)).toBeLessThan(200);
    await dataSource.query(`UPDATE facts SET kept_at = now() - interval '8 days' WHERE sequence < $1`, [
      String(range.newest),
    ]);
    for (let n = 0; n < 100; n++) await keep(`later-${n}`, { maxFacts: 10_000, maxAgeMs: week });
    expect((await facts.range())!.oldest).toBeGreaterThanOrEqual(range.newest);
  });
});
