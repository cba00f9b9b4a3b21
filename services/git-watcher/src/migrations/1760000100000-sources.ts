import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Sources1760000100000 implements MigrationInterface {
  name = 'Sources1760000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE source (
        name text PRIMARY KEY,
        failure text,
        failures integer NOT NULL DEFAULT 0,
        failure_stated boolean NOT NULL DEFAULT false,
        last_read_at timestamptz,
        last_polled_at timestamptz,
        last_webhook_at timestamptz
      )`);
    await runner.query(`
      CREATE TABLE head (
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        tree text NOT NULL,
        present boolean NOT NULL DEFAULT true,
        reports integer NOT NULL DEFAULT 1,
        detected_at timestamptz NOT NULL,
        PRIMARY KEY (source, ref)
      )`);
    await runner.query(`
      CREATE TABLE webhook_delivery (
        source text NOT NULL,
        delivery text NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (source, delivery)
      )`);
    await runner.query('CREATE INDEX webhook_delivery_received_at ON webhook_delivery (received_at)');
    await runner.query(`
      CREATE TABLE own_commit (
        commit text PRIMARY KEY,
        source text NOT NULL,
        cause text NOT NULL,
        written_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['own_commit', 'webhook_delivery', 'head', 'source']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
