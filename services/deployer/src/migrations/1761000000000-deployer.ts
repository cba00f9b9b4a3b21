import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Deployer1761000000000 implements MigrationInterface {
  name = 'Deployer1761000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE environments (
        name text PRIMARY KEY,
        heads jsonb NOT NULL,
        retry jsonb,
        wake_at timestamptz,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query('CREATE INDEX environments_wake_at ON environments (wake_at) WHERE wake_at IS NOT NULL');
    await runner.query(`
      CREATE TABLE gateways (
        environment text NOT NULL,
        name text NOT NULL,
        generation integer NOT NULL,
        snapshot text NOT NULL,
        deployment uuid NOT NULL,
        traceparent text,
        drift jsonb,
        heals jsonb NOT NULL,
        last_heal_at timestamptz,
        back_off_level integer NOT NULL,
        clear_at timestamptz,
        PRIMARY KEY (environment, name)
      )`);
    await runner.query(`
      CREATE TABLE deployments (
        id uuid PRIMARY KEY,
        seq bigserial NOT NULL,
        environment text NOT NULL,
        source text NOT NULL,
        ref text NOT NULL,
        commit text NOT NULL,
        snapshot text NOT NULL,
        cause text NOT NULL,
        ordered_at timestamptz NOT NULL,
        created_at timestamptz NOT NULL,
        settings jsonb NOT NULL,
        promote_from text,
        skips_gates boolean NOT NULL,
        attempt integer NOT NULL,
        rollback jsonb,
        times jsonb NOT NULL,
        state text NOT NULL,
        phase jsonb NOT NULL,
        detail text NOT NULL,
        previous jsonb,
        ran_since timestamptz,
        ran_until timestamptz,
        content_of uuid NOT NULL,
        verdict text,
        bad boolean NOT NULL,
        author jsonb,
        message text,
        changes jsonb NOT NULL,
        correlation_id text NOT NULL,
        causation_id text,
        traceparent text
      )`);
    // Two replicas that disagree meet here: whatever else goes wrong, these two never do.
    await runner.query(
      `CREATE UNIQUE INDEX deployments_one_applying ON deployments (environment) WHERE state = 'applying'`,
    );
    await runner.query('CREATE INDEX deployments_by_environment ON deployments (environment, seq DESC)');
    await runner.query(`
      CREATE INDEX deployments_open ON deployments (environment)
        WHERE state IN ('waiting', 'awaiting-approval', 'applying', 'live')`);
    await runner.query(`
      CREATE INDEX deployments_that_ran ON deployments (environment, ran_since DESC) WHERE ran_since IS NOT NULL`);
    await runner.query('CREATE INDEX deployments_by_commit ON deployments (environment, commit)');
    await runner.query(`
      CREATE TABLE approvals (
        deployment uuid NOT NULL,
        actor text NOT NULL,
        environment text NOT NULL,
        reason text NOT NULL,
        granted_at timestamptz NOT NULL,
        PRIMARY KEY (deployment, actor)
      )`);
    await runner.query(`
      CREATE TABLE bad_snapshots (
        seq bigserial PRIMARY KEY,
        environment text NOT NULL,
        snapshot text NOT NULL,
        commit text NOT NULL,
        ordered_at timestamptz NOT NULL,
        since timestamptz NOT NULL,
        reason text NOT NULL,
        lifted_at timestamptz
      )`);
    await runner.query('CREATE INDEX bad_snapshots_pinning ON bad_snapshots (environment) WHERE lifted_at IS NULL');
    await runner.query(`
      CREATE TABLE drifts (
        id uuid PRIMARY KEY,
        environment text NOT NULL,
        gateway text NOT NULL,
        action text NOT NULL,
        fields jsonb NOT NULL,
        detected_at timestamptz NOT NULL,
        resolved_at timestamptz,
        how text
      )`);
    await runner.query('CREATE INDEX drifts_by_gateway ON drifts (environment, gateway, detected_at DESC)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['drifts', 'bad_snapshots', 'approvals', 'deployments', 'gateways', 'environments']) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}

export const deployerMigrations = [Deployer1761000000000];
