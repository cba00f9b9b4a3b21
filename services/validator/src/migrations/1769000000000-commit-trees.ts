import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CommitTrees1769000000000 implements MigrationInterface {
  name = 'CommitTrees1769000000000';

  async up(runner: QueryRunner): Promise<void> {
    // The files of what is live: changed rules are held against them.
    await runner.query('ALTER TABLE commits ADD COLUMN tree text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE commits DROP COLUMN tree');
  }
}
