import type { DataSource, EntityManager } from 'typeorm';

/** What a service has handled: a redelivered event changes nothing a second time. */
export class Inbox {
  constructor(private readonly dataSource: DataSource) {}

  async has(consumer: string, eventId: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query('SELECT 1 FROM inbox WHERE consumer = $1 AND event_id = $2', [
      consumer,
      eventId,
    ]);
    return rows.length > 0;
  }

  /**
   * Takes note, in the transaction that does the work. Two replicas with the same event meet here: the second waits
   * for the first to end and is then told.
   * @returns false when it was handled before
   */
  async record(manager: EntityManager, consumer: string, eventId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      'INSERT INTO inbox (consumer, event_id) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1',
      [consumer, eventId],
    );
    return rows.length > 0;
  }

  /** Forgets what is older than any stream keeps. */
  async prune(olderThanDays = 31): Promise<void> {
    await this.dataSource.query(`DELETE FROM inbox WHERE handled_at < now() - make_interval(days => $1)`, [
      olderThanDays,
    ]);
  }
}
