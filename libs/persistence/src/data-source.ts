import { AfterCommitSubscriber } from './after-commit.ts';
import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';

export interface DataSourceOptions {
  readonly url: string;
  readonly entities: EntityTarget<ObjectLiteral>[];
  /** Classes, in the order in which they run; their names end in a 13-digit time stamp (TypeORM sorts by it). */
  readonly migrations: (new () => MigrationInterface)[];
  readonly poolSize?: number;
}

/** Locks are numbers in PostgreSQL; this one is "somebody migrates this database". */
const MIGRATION_LOCK = 7_246_001;

/**
 * Connects and brings the schema up to date. The schema comes from migrations alone, never from entities, and
 * replicas that start together take turns.
 */
export async function createDataSource(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: options.entities as (string | (new () => ObjectLiteral))[],
    migrations: options.migrations,
    synchronize: false,
    migrationsRun: false,
    logging: false,
    poolSize: options.poolSize ?? 8,
    connectTimeoutMS: 5_000,
    extra: { keepAlive: true },
    // A connection that the server closed while it was idle is no reason to end the process: the pool replaces it.
    poolErrorHandler: () => {},
  });
  await dataSource.initialize();
  dataSource.subscribers.push(new AfterCommitSubscriber());
  const runner = dataSource.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } catch (error) {
    await runner.release().catch(() => {});
    await dataSource.destroy().catch(() => {});
    throw error;
  }
  await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
  await runner.release();
  return dataSource;
}
