import { lockInTransaction } from '@gitway/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { KeptFacts } from '../app/kept-facts.ts';
import type { KeptFact } from '../domain/facts.ts';
import { FactRow } from './fact.entity.ts';

export const FACTS_CHANNEL = 'gitway_console_facts';

export interface Retention {
  readonly maxFacts: number;
  readonly maxAgeMs: number;
}

export class PostgresKeptFacts extends KeptFacts {
  private readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    super();
    this.dataSource = dataSource;
  }

  async after(sequence: bigint, limit: number): Promise<KeptFact[]> {
    const rows = await this.facts()
      .where('fact.sequence > :sequence', { sequence: sequence.toString() })
      .orderBy('fact.sequence', 'ASC')
      .limit(limit)
      .getMany();
    return rows.map(keptOf);
  }

  async latest(limit: number): Promise<KeptFact[]> {
    const rows = await this.facts().orderBy('fact.sequence', 'DESC').limit(limit).getMany();
    return rows.map(keptOf).reverse();
  }

  async range(): Promise<{ oldest: bigint; newest: bigint } | null> {
    const found = await this.facts()
      .select('min(fact.sequence)', 'oldest')
      .addSelect('max(fact.sequence)', 'newest')
      .getRawOne<{ oldest: string | null; newest: string | null }>();
    if (found?.oldest == null || found.newest == null) return null;
    return { oldest: BigInt(found.oldest), newest: BigInt(found.newest) };
  }

  private facts() {
    return this.dataSource.getRepository(FactRow).createQueryBuilder('fact');
  }
}

/**
 * Adds a fact within the caller's transaction, and forgets the oldest now and then. Writers take turns, so that
 * sequences become visible in their order: a reader that has seen 7 never finds a 6 later.
 */
export async function keepFact(
  manager: EntityManager,
  kept: Omit<KeptFact, 'sequence'> & { eventId: string },
  retention: Retention,
): Promise<void> {
  await lockInTransaction(manager, 'console', 'facts');
  const rows: { sequence: string }[] = await manager.query(
    `INSERT INTO facts (event_id, fact, environments, envelope) VALUES ($1, $2, $3, $4)
     ON CONFLICT (event_id) DO NOTHING RETURNING sequence`,
    [kept.eventId, kept.fact, kept.environments, kept.json],
  );
  const sequence = rows[0]?.sequence;
  if (sequence === undefined) return;
  if (BigInt(sequence) % 100n === 0n) {
    await manager.query('DELETE FROM facts WHERE sequence <= $1 OR kept_at < $2', [
      (BigInt(sequence) - BigInt(retention.maxFacts)).toString(),
      new Date(Date.now() - retention.maxAgeMs),
    ]);
  }
  await manager.query(`SELECT pg_notify('${FACTS_CHANNEL}', '')`);
}

function keptOf(row: FactRow): KeptFact {
  return { sequence: BigInt(row.sequence), fact: row.fact, environments: row.environments, json: row.envelope };
}
