import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A deployment that is superseded unjudged hands its baseline on. */
export class CarriedBaseline1762100000000 implements MigrationInterface {
  name = 'CarriedBaseline1762100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE judgement ADD COLUMN baseline_until timestamptz, ADD COLUMN trusted text,
         ADD COLUMN trusted_until timestamptz`,
    );
    await runner.query('UPDATE judgement SET baseline_until = began_at, trusted = baseline, trusted_until = began_at');
    await runner.query(
      'ALTER TABLE judgement ALTER COLUMN baseline_until SET NOT NULL, ALTER COLUMN trusted_until SET NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE judgement DROP COLUMN baseline_until, DROP COLUMN trusted, DROP COLUMN trusted_until',
    );
  }
}
