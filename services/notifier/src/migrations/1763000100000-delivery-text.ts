import type { MigrationInterface, QueryRunner } from 'typeorm';

/** jsonb cannot hold U+0000, which a commit message may; the event is kept as the text that it is. */
export class DeliveryText1763000100000 implements MigrationInterface {
  name = 'DeliveryText1763000100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("ALTER TABLE delivery ADD COLUMN event_type text NOT NULL DEFAULT ''");
    await runner.query("UPDATE delivery SET event_type = event->>'type'");
    await runner.query('ALTER TABLE delivery ALTER COLUMN event TYPE text USING event::text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE delivery ALTER COLUMN event TYPE jsonb USING event::jsonb');
    await runner.query('ALTER TABLE delivery DROP COLUMN event_type');
  }
}
