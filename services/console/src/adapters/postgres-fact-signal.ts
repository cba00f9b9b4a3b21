import { logger } from '@gitway/observability';
import { Client } from 'pg';
import { FactSignal } from '../app/kept-facts.ts';
import { FACTS_CHANNEL } from './postgres-kept-facts.ts';

const RECONNECT_MS = 1_000;

/** LISTEN on a connection of its own, made anew whenever it breaks. */
export class PostgresFactSignal extends FactSignal {
  private readonly databaseUrl: string;
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(databaseUrl: string) {
    super();
    this.databaseUrl = databaseUrl;
  }

  start(onSignal: () => void): void {
    void this.connect(onSignal);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(onSignal: () => void): Promise<void> {
    const client = new Client({ connectionString: this.databaseUrl, connectionTimeoutMillis: 5_000, keepAlive: true });
    this.client = client;
    let broken = false;
    const again = (error: unknown) => {
      if (broken) return;
      broken = true;
      client.end().catch(() => undefined);
      if (this.stopped) return;
      logger('facts').warn({ err: error }, 'notifications of facts are interrupted; polling until they are back');
      this.timer = setTimeout(() => void this.connect(onSignal), RECONNECT_MS);
    };
    client.on('error', again);
    client.on('end', () => again(new Error('the connection ended')));
    client.on('notification', onSignal);
    try {
      await client.connect();
      await client.query(`LISTEN ${FACTS_CHANNEL}`);
      onSignal();
    } catch (error) {
      again(error);
    }
  }
}
