import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** By rule id: a digest of what it says. */
export type RuleDigests = ReadonlyMap<string, string>;

/** What the rules said when each environment was validated last. */
@Injectable()
export class RuleStore {
  constructor(private readonly dataSource: DataSource) {}

  async inForce(environments: readonly string[]): Promise<Map<string, RuleDigests>> {
    if (environments.length === 0) return new Map();
    const rows: { environment: string; rules: Record<string, string> }[] = await this.dataSource.query(
      'SELECT environment, rules FROM rules_in_force WHERE environment = ANY($1)',
      [environments],
    );
    return new Map(rows.map(({ environment, rules }) => [environment, new Map(Object.entries(rules))]));
  }

  async remember(manager: EntityManager, environment: string, rules: RuleDigests): Promise<void> {
    await manager.query(
      `INSERT INTO rules_in_force (environment, rules) VALUES ($1, $2::jsonb)
       ON CONFLICT (environment) DO UPDATE SET rules = excluded.rules WHERE rules_in_force.rules <> excluded.rules`,
      [environment, JSON.stringify(Object.fromEntries(rules))],
    );
  }
}
