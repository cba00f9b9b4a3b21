import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Rules1764200000000 implements MigrationInterface {
  name = 'Rules1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    // What the rules said when the environment was validated last: id → digest.
    await runner.query(`
      CREATE TABLE rules_in_force (
        environment text PRIMARY KEY,
        rules jsonb NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE rules_in_force');
  }
}
