import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Owners1768000000000 implements MigrationInterface {
  name = 'Owners1768000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Which source defines an environment, and on which of its branches: nobody else's commits move it.
    await runner.query(`
      CREATE TABLE environment_owners (
        environment text PRIMARY KEY,
        source text NOT NULL,
        ref text NOT NULL
      )`);
    // Whoever was validated last has it.
    await runner.query(`
      INSERT INTO environment_owners (environment, source, ref)
      SELECT environment, source, ref FROM catalogue_states WHERE state = 'validated'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE environment_owners');
  }
}
