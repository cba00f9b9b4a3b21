import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Incidents1763000000000 implements MigrationInterface {
  name = 'Incidents1763000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident (
        id uuid PRIMARY KEY,
        key text NOT NULL,
        environment text,
        severity text NOT NULL CHECK (severity IN ('minor', 'major', 'critical')),
        state text NOT NULL CHECK (state IN ('open', 'resolved')),
        title text NOT NULL,
        about text NOT NULL,
        raised_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL,
        resolved_at timestamptz,
        entries integer NOT NULL
      )`);
    await runner.query("CREATE UNIQUE INDEX incident_open ON incident (key) WHERE state = 'open'");
    await runner.query('CREATE INDEX incident_opened_at ON incident (opened_at)');
    await runner.query(`
      CREATE TABLE incident_entry (
        incident uuid NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
        number integer NOT NULL,
        at timestamptz NOT NULL,
        event_id text NOT NULL,
        event_type text NOT NULL,
        text text NOT NULL,
        PRIMARY KEY (incident, number)
      )`);
    await runner.query(`
      CREATE TABLE delivery (
        seq bigserial PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        channel text NOT NULL,
        order_key text NOT NULL,
        event_id text NOT NULL,
        event jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        last_error text,
        created_at timestamptz NOT NULL,
        ended_at timestamptz,
        UNIQUE (channel, event_id)
      )`);
    await runner.query("CREATE INDEX delivery_pending ON delivery (channel, order_key, seq) WHERE state = 'pending'");
    await runner.query("CREATE INDEX delivery_ended_at ON delivery (ended_at) WHERE state <> 'pending'");
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['delivery', 'incident_entry', 'incident']) await runner.query(`DROP TABLE ${table}`);
  }
}
