import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_BYTES = 64 * 1024;
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** Secrets as Docker and Kubernetes mount them: a folder with a file for each, named as the secret. */
export class SecretFiles {
  constructor(private readonly dir: string | null) {}

  /** The secret without its final line end, or why there is none. What it says is never part of a message. */
  async read(name: string): Promise<{ secret: string } | { refusal: string }> {
    if (this.dir === null) return { refusal: 'GITWAY_SECRETS_DIR does not say where secrets are' };
    if (!NAME.test(name)) return { refusal: 'it is not the name of a secret' };
    const path = join(this.dir, name);
    try {
      const { size } = await stat(path);
      if (size > MAX_BYTES) return { refusal: `${path} is larger than 64 KiB` };
      const secret = (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
      return secret === '' ? { refusal: `${path} is empty` } : { secret };
    } catch (error) {
      const { code = 'unreadable' } = error as NodeJS.ErrnoException;
      return { refusal: code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})` };
    }
  }
}
