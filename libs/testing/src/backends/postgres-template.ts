import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { preparePostgres, run, type Installation } from '@gitway/servers';
import { serverRoot } from '../suite-folder.ts';

/**
 * Fresh Postgres data at `dataDir`, as initdb makes it, and its password. initdb takes seconds, so it runs once per
 * program and machine, and each suite gets a copy.
 */
export async function copyPostgresTemplate(installation: Installation, dataDir: string): Promise<string> {
  const key = createHash('sha256')
    .update(`${installation.binary} ${installation.version} 1`)
    .digest('hex')
    .slice(0, 12);
  const template = join(serverRoot(), `postgres-template-${key}`);
  if (!existsSync(template)) await makeTemplate(installation, template);
  // cp keeps the owner, which is not us when we are root.
  const copy = await run('cp', ['-a', join(template, 'data'), dataDir], { timeoutMs: 60_000 });
  if (copy.code !== 0) throw new Error(`cp exited with code ${copy.code}: ${copy.stderr}`);
  return readFileSync(join(template, 'password'), 'utf8');
}

async function makeTemplate(installation: Installation, template: string): Promise<void> {
  const draft = `${template}.${randomUUID()}`;
  mkdirSync(draft);
  chmodSync(draft, 0o711);
  try {
    const password = randomBytes(18).toString('base64url');
    writeFileSync(join(draft, 'password'), password, { mode: 0o600 });
    await preparePostgres({
      installation,
      dataDir: join(draft, 'data'),
      logFile: join(serverRoot(), 'initdb.log'),
      password,
      durable: false,
    });
    renameSync(draft, template);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
