import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Catalogue1764000000000 implements MigrationInterface {
  name = 'Catalogue1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    // One row per version of an API that an environment has in one of its two states; mostly it is one and the same.
    await runner.query(`
      CREATE TABLE catalogue_apis (
        environment text NOT NULL,
        name text NOT NULL,
        unit text NOT NULL,
        title text NOT NULL,
        lifecycle text NOT NULL,
        visibility text NOT NULL,
        labels jsonb NOT NULL,
        operations integer NOT NULL,
        entry jsonb NOT NULL,
        head text NOT NULL,
        body text NOT NULL,
        validated boolean NOT NULL DEFAULT false,
        validated_commit text,
        validated_at timestamptz,
        live boolean NOT NULL DEFAULT false,
        live_commit text,
        live_at timestamptz,
        PRIMARY KEY (environment, name, unit)
      )`);
    await runner.query(
      'CREATE UNIQUE INDEX catalogue_apis_validated ON catalogue_apis (environment, name) WHERE validated',
    );
    await runner.query('CREATE UNIQUE INDEX catalogue_apis_live ON catalogue_apis (environment, name) WHERE live');
    await runner.query(`
      CREATE TABLE catalogue_states (
        environment text NOT NULL,
        state text NOT NULL CHECK (state IN ('validated', 'live')),
        snapshot text NOT NULL,
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        at timestamptz NOT NULL,
        plans jsonb NOT NULL,
        PRIMARY KEY (environment, state)
      )`);
    // Validated snapshots that changed something, and what.
    await runner.query(`
      CREATE TABLE catalogue_revisions (
        id bigserial PRIMARY KEY,
        environment text NOT NULL,
        snapshot text NOT NULL,
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        author jsonb NOT NULL,
        message text NOT NULL,
        at timestamptz NOT NULL,
        changes jsonb NOT NULL
      )`);
    await runner.query('CREATE INDEX catalogue_revisions_newest ON catalogue_revisions (environment, id DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['catalogue_revisions', 'catalogue_states', 'catalogue_apis'])
      await runner.query(`DROP TABLE ${table}`);
  }
}
