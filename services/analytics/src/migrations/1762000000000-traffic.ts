import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Traffic1762000000000 implements MigrationInterface {
  name = 'Traffic1762000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE traffic_batch (
        environment text NOT NULL,
        gateway text NOT NULL,
        epoch text NOT NULL,
        sequence bigint NOT NULL,
        lost bigint NOT NULL,
        received_at timestamptz NOT NULL,
        PRIMARY KEY (environment, gateway, epoch, sequence)
      )`);
    await runner.query('CREATE INDEX traffic_batch_received_at ON traffic_batch (received_at)');
    await runner.query(`
      CREATE TABLE traffic_usage (
        environment text NOT NULL,
        minute timestamptz NOT NULL,
        gateway text NOT NULL,
        api text NOT NULL,
        operation text NOT NULL,
        consumer text NOT NULL,
        snapshot text NOT NULL,
        status smallint NOT NULL,
        calls bigint NOT NULL,
        bytes_in bigint NOT NULL,
        bytes_out bigint NOT NULL,
        last_at timestamptz NOT NULL,
        stated bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (environment, minute, gateway, api, operation, consumer, snapshot, status)
      )`);
    await runner.query('CREATE INDEX traffic_usage_minute ON traffic_usage (minute)');
    await runner.query(
      'CREATE INDEX traffic_usage_unstated ON traffic_usage (environment, minute) WHERE stated < calls',
    );
    await runner.query(`
      CREATE TABLE traffic_sample (
        environment text NOT NULL,
        snapshot text NOT NULL,
        bucket timestamptz NOT NULL,
        api text NOT NULL,
        operation text NOT NULL,
        requests bigint NOT NULL,
        errors bigint NOT NULL,
        latency bytea NOT NULL,
        PRIMARY KEY (environment, snapshot, bucket, api, operation)
      )`);
    await runner.query('CREATE INDEX traffic_sample_bucket ON traffic_sample (bucket)');
    await runner.query(`
      CREATE TABLE judgement (
        deployment uuid PRIMARY KEY,
        environment text NOT NULL,
        commit text NOT NULL,
        snapshot text NOT NULL,
        baseline text,
        min_requests integer NOT NULL,
        began_at timestamptz NOT NULL,
        deadline timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'judged', 'superseded', 'rolled-back')),
        outcome text,
        closed_at timestamptz,
        event_id text NOT NULL,
        correlation_id text NOT NULL,
        traceparent text
      )`);
    await runner.query("CREATE UNIQUE INDEX judgement_open ON judgement (environment) WHERE state = 'open'");
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['judgement', 'traffic_sample', 'traffic_usage', 'traffic_batch']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
