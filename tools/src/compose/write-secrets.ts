import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSecrets } from '../launcher/secrets.ts';
import { readJsonFile, StateDirectory, writeJsonFile } from '../launcher/state-directory.ts';
import type { Given } from './given.ts';
import { users } from './layout.ts';
import { secretFiles } from './secret-files.ts';

export interface WriteSecretsOptions {
  readonly directory: string;
  readonly given: Given;
  /** Whether the Valkey of the compose file runs. */
  readonly valkey: boolean;
  readonly giveTo?: (file: string, user: number) => void;
}

/**
 * Makes every secret at the first start, and the file of each container at every start: mode 600, owned by the user
 * that reads it. Repeating it changes no secret. @returns what was written anew
 */
export function writeSecrets(options: WriteSecretsOptions): string[] {
  const { directory, given, giveTo = (file, user) => chownSync(file, user, user) } = options;
  mkdirSync(directory, { recursive: true });
  // Containers know the name of their file; the others' names are none of their business.
  chmodSync(directory, 0o711);
  const { secrets } = loadSecrets(new StateDirectory(directory));
  const valkeyPassword = options.valkey ? valkeyPasswordIn(join(directory, 'valkey.json')) : null;
  const changed: string[] = [];
  for (const { name, user, content } of secretFiles({ secrets, valkeyPassword, given })) {
    const file = join(directory, name);
    if (contentOf(file) === content) continue;
    const next = `${file}.next`;
    rmSync(next, { force: true });
    writeFileSync(next, content, { mode: 0o600, flag: 'wx' });
    giveTo(next, users[user]);
    renameSync(next, file);
    changed.push(name);
  }
  return changed;
}

function valkeyPasswordIn(file: string): string {
  const known = readJsonFile<{ password: string }>(file);
  if (known !== null) return known.password;
  const password = randomBytes(24).toString('hex');
  writeJsonFile(file, { password }, 0o600);
  return password;
}

function contentOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
