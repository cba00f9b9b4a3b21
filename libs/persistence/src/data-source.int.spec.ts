import { afterAll, describe, expect, it } from '@jest/globals';
import { usePostgres } from '@gitway/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { afterCommit } from './after-commit.ts';
import { createDataSource } from './data-source.ts';
import { lockInTransaction } from './locks.ts';

const open: DataSource[] = [];
afterAll(() => Promise.all(open.map((dataSource) => dataSource.destroy())));
const postgres = usePostgres();

class Things1760000000001 implements MigrationInterface {
  name = 'Things1760000000001';
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (name text)');
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

const connect = async (url: string) => {
  const dataSource = await createDataSource({ url, entities: [], migrations: [Things1760000000001] });
  open.push(dataSource);
  return dataSource;
};

describe('createDataSource', () => {
  it('migrates once, however many replicas start together', async () => {
    const url = await postgres.createDatabase();
    const replicas = await Promise.all([connect(url), connect(url), connect(url)]);
    const [row] = await replicas[0].query<{ n: string }[]>('SELECT count(*) AS n FROM migrations');
    expect(row?.n).toBe('1');
  });
});

describe('afterCommit', () => {
  it('happens when the transaction has ended well, and sees its effects', async () => {
    const dataSource = await connect(await postgres.createDatabase());
    const seen = await new Promise((resolve, reject) => {
      dataSource
        .transaction(async (manager) => {
          afterCommit(manager, () => void dataSource.query('SELECT name FROM things').then(resolve, reject));
          await manager.query(`INSERT INTO things VALUES ('kept')`);
        })
        .catch(reject);
    });
    expect(seen).toEqual([{ name: 'kept' }]);
  });

  it('does not happen when it is rolled back, then or later', async () => {
    const dataSource = await connect(await postgres.createDatabase());
    const happened: string[] = [];
    await expect(
      dataSource.transaction(async (manager) => {
        afterCommit(manager, () => void happened.push('rolled back'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    for (let i = 0; i < 10; i++) {
      await dataSource.transaction(async (manager) => afterCommit(manager, () => void happened.push('committed')));
    }
    expect(happened).toEqual(Array.from({ length: 10 }, () => 'committed'));
  });
});

describe('lockInTransaction', () => {
  it('lets one transaction after the other through, of one key, and others beside it', async () => {
    const dataSource = await connect(await postgres.createDatabase());
    const order: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = () => {};
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const first = dataSource.transaction(async (manager) => {
      await lockInTransaction(manager, 'environment', 'staging');
      locked();
      await held;
      order.push('first');
    });
    await isLocked;
    const second = dataSource.transaction(async (manager) => {
      await lockInTransaction(manager, 'environment', 'staging');
      order.push('second');
    });
    await dataSource.transaction(async (manager) => {
      await lockInTransaction(manager, 'environment', 'production');
      order.push('other');
    });
    release();
    await Promise.all([first, second]);
    expect(order).toEqual(['other', 'first', 'second']);
  });
});
