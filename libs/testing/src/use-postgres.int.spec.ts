import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { usePostgres } from './use-postgres.ts';

async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('usePostgres', () => {
  const postgres = usePostgres();

  it('gives an empty database', async () => {
    expect(
      await query(postgres.url(), `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`),
    ).toEqual([]);
    await query(postgres.url(), 'CREATE TABLE mine (id int)');
  });

  it('gives further databases that share nothing', async () => {
    const other = await postgres.createDatabase();
    expect(await query(other, `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
  });

  it('asks for the password', async () => {
    const url = new URL(postgres.url());
    url.password = 'wrong';
    await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its address and data over a crash', async () => {
    await query(postgres.url(), 'CREATE TABLE kept AS SELECT 7 AS seven');
    await postgres.kill();
    await expect(query(postgres.url(), 'SELECT 1')).rejects.toThrow();
    await postgres.restart();
    expect(await query(postgres.url(), 'SELECT seven FROM kept')).toEqual([{ seven: 7 }]);
  });
});

describe('a second usePostgres', () => {
  const postgres = usePostgres();

  it('sees nothing of the first', async () => {
    expect(await query(postgres.url(), `SELECT to_regclass('mine') AS found`)).toEqual([{ found: null }]);
  });
});
