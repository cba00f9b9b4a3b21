import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables that every service with a database has for its messages. */
export class Messaging1760000000000 implements MigrationInterface {
  name = 'Messaging1760000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        seq bigserial PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        type text NOT NULL,
        source text NOT NULL,
        subject text NOT NULL,
        time timestamptz NOT NULL,
        correlation_id text NOT NULL,
        causation_id text,
        traceparent text,
        data text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        last_error text,
        failed_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id text NOT NULL,
        handled_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, event_id)
      )`);
    await runner.query('CREATE INDEX inbox_handled_at ON inbox (handled_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE inbox');
    await runner.query('DROP TABLE outbox');
  }
}

export const messagingMigrations = [Messaging1760000000000];
