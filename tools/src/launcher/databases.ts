import pg from 'pg';

export interface ServiceDatabase {
  /** Role and database bear the same name. */
  readonly name: string;
  readonly password: string;
}

/**
 * A database for each service, owned by a role of its own; no other role may connect to it. Repeating it changes
 * nothing but the passwords, which it sets.
 */
export async function provisionDatabases(adminUrl: string, databases: readonly ServiceDatabase[]): Promise<void> {
  const client = await connectWithin(adminUrl, 30_000);
  try {
    for (const { name, password } of databases) {
      const role = pg.escapeIdentifier(name);
      const known = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
      const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
      await client.query(`${verb} ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
      const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (exists.rowCount === 0) {
        // An administrator that is no superuser may give a database only to a role that it belongs to.
        await client.query(`GRANT ${role} TO CURRENT_USER`);
        await client.query(`CREATE DATABASE ${role} OWNER ${role}`);
      }
      await client.query(`REVOKE ALL ON DATABASE ${role} FROM PUBLIC`);
    }
  } finally {
    await client.end();
  }
}

export function serviceDatabaseUrl(adminUrl: string, database: ServiceDatabase): string {
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(database.name);
  url.password = encodeURIComponent(database.password);
  url.pathname = `/${encodeURIComponent(database.name)}`;
  return url.href;
}

/** A server that has just opened its port may still refuse clients while it recovers. */
async function connectWithin(url: string, withinMs: number): Promise<pg.Client> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const code = (error as { code?: string }).code ?? '';
      // 57P03: starting up or recovering. Anything else that the server says is final.
      if (/^[0-9A-Z]{5}$/.test(code) && code !== '57P03') throw error;
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
