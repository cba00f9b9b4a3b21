import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidInputError, messageOf } from '@gitway/errors';

/** Writes a file so that a reader finds the old report or the new one, never half of one. @throws InvalidInputError `bad-output` */
export async function writeReport(path: string, text: string): Promise<void> {
  const partial = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (await isSpecial(path)) return await writeFile(path, text);
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (cause) {
    await rm(partial, { force: true });
    throw new InvalidInputError('bad-output', `${path} cannot be written: ${messageOf(cause)}`, { cause });
  }
}

/** A pipe, a terminal, `/dev/null`, a link: written to and not replaced. */
async function isSpecial(path: string): Promise<boolean> {
  try {
    const stat = await lstat(path);
    return !stat.isFile() && !stat.isDirectory();
  } catch {
    return false;
  }
}
