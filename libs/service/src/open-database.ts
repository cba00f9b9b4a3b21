import { InvalidInputError } from '@gitway/errors';
import { messagingMigrations } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { createDataSource, type DataSourceOptions, isDatabaseUnavailable } from '@gitway/persistence';
import type { DataSource } from 'typeorm';

const log = logger('database');

/** Connects to the service's own database, waiting for one that is not there yet, and migrates it. */
export async function openDatabase(
  config: { GITWAY_DATABASE_URL?: string | undefined },
  database: Pick<DataSourceOptions, 'entities' | 'migrations'>,
): Promise<DataSource> {
  const url = config.GITWAY_DATABASE_URL;
  if (url === undefined) throw new InvalidInputError('no-database', 'GITWAY_DATABASE_URL is not set');
  for (let delayMs = 100, tries = 1; ; delayMs = Math.min(delayMs * 2, 3_000), tries++) {
    try {
      return await createDataSource({
        url,
        entities: database.entities,
        migrations: [...messagingMigrations, ...database.migrations],
      });
    } catch (error) {
      if (!isDatabaseUnavailable(error)) throw error;
      if (tries % 10 === 1) log.warn({ err: error }, 'the database cannot be reached yet; trying again');
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
