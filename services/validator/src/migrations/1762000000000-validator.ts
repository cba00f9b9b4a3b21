import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Validator1762000000000 implements MigrationInterface {
  name = 'Validator1762000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE commits (
        id bigserial PRIMARY KEY,
        event_id text NOT NULL UNIQUE,
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        author jsonb NOT NULL,
        message text NOT NULL,
        ordered_at timestamptz NOT NULL,
        validated_at timestamptz NOT NULL,
        duration_ms double precision NOT NULL,
        counts jsonb NOT NULL,
        report text NOT NULL,
        environments jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX commits_newest ON commits (source, ordered_at DESC, id DESC)');
    await runner.query('CREATE INDEX commits_commit ON commits (commit)');
    // The newest commit of each branch that was judged: one that comes late is kept for the record and states nothing.
    await runner.query(`
      CREATE TABLE heads (
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        ordered_at timestamptz NOT NULL,
        PRIMARY KEY (source, ref)
      )`);
    // The snapshot that was validated last for each environment: what the next one is compared with.
    await runner.query(`
      CREATE TABLE validated (
        environment text PRIMARY KEY,
        snapshot text NOT NULL,
        source text NOT NULL,
        ordered_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['validated', 'heads', 'commits']) await runner.query(`DROP TABLE ${table}`);
  }
}
