import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What breaking changes are judged by: who calls, what documents were made from, and what was live before. */
export class Usage1766000000000 implements MigrationInterface {
  name = 'Usage1766000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Calls per day. Empty text stands for no declared operation, and for no known consumer.
    await runner.query(`
      CREATE TABLE usage (
        environment text NOT NULL,
        api text NOT NULL,
        day date NOT NULL,
        operation text NOT NULL,
        consumer text NOT NULL,
        calls bigint NOT NULL,
        errors bigint NOT NULL,
        last_at timestamptz NOT NULL,
        PRIMARY KEY (environment, api, day, operation, consumer)
      )`);
    await runner.query('CREATE INDEX usage_by_day ON usage (day)');
    await runner.query('CREATE TABLE usage_known (environment text PRIMARY KEY, since timestamptz NOT NULL)');
    // By the digest that units have of it: a document can be read again from the blobs that it was made from.
    await runner.query(`
      CREATE TABLE documents (
        digest text PRIMARY KEY,
        files jsonb NOT NULL,
        deprecated jsonb NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now()
      )`);
    // Operation '' is the API itself. What ended may go on: a rollback is no new beginning.
    await runner.query(`
      CREATE TABLE deprecations (
        environment text NOT NULL,
        api text NOT NULL,
        operation text NOT NULL,
        since timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (environment, api, operation)
      )`);
    await runner.query(`
      CREATE TABLE former_versions (
        environment text NOT NULL,
        api text NOT NULL,
        unit text NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (environment, api, unit)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['former_versions', 'deprecations', 'documents', 'usage_known', 'usage'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
