import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The facts that readers are served from, and what people did. */
export class Console1763900000000 implements MigrationInterface {
  name = 'Console1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE facts (
        sequence bigserial PRIMARY KEY,
        event_id text NOT NULL UNIQUE,
        fact text NOT NULL,
        environments text[] NOT NULL,
        kept_at timestamptz NOT NULL DEFAULT now(),
        envelope text NOT NULL
      )`);
    await runner.query('CREATE INDEX facts_kept_at ON facts (kept_at)');
    await runner.query(`
      CREATE TABLE audit (
        id bigserial PRIMARY KEY,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        role text NOT NULL,
        action text NOT NULL,
        environment text,
        reason text,
        target jsonb NOT NULL,
        event_id text NOT NULL,
        correlation_id text NOT NULL
      )`);
    await runner.query(
      'CREATE TABLE dead_letters (sequence bigint PRIMARY KEY, at timestamptz NOT NULL, letter jsonb NOT NULL)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE dead_letters');
    await runner.query('DROP TABLE audit');
    await runner.query('DROP TABLE facts');
  }
}
