import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { ServerName } from '../server.ts';
import type { Candidate } from './check-installation.ts';
import { programs } from './programs.ts';

/** The real program below a folder into which packages were unpacked, or null. */
export function unpackedBinary(server: ServerName, root: string): string | null {
  const postgresFolders = list(join(root, 'usr/lib/postgresql')).map((version) => `usr/lib/postgresql/${version}/bin`);
  for (const name of programs[server].binaries)
    for (const place of [...postgresFolders, 'usr/bin', 'usr/sbin', 'bin', 'sbin'])
      if (existsSync(join(root, place, name))) return join(root, place, name);
  return null;
}

/**
 * The program below `<folder>/root`. Where libraries were unpacked with it, a script `<folder>/bin/<name>` that starts
 * it with them stands in, so that whoever is given the path needs to know no more; Postgres, whose programs look for
 * one another beside themselves, is named with the variable to set instead.
 */
export function programIn(server: ServerName, folder: string): Candidate | null {
  const root = join(folder, 'root');
  const binary = unpackedBinary(server, root);
  if (binary === null) return null;
  const libraries = libraryFolders(root);
  if (libraries.length === 0) return { binary, source: 'apt-unpacked' };
  if (programs[server].companions.length > 0)
    return { binary, source: 'apt-unpacked', env: { LD_LIBRARY_PATH: libraries.join(':') } };
  return { binary: starter(folder, binary, libraries), source: 'apt-unpacked' };
}

/** Names its files from where it lies, so that the folder may be moved. */
function starter(folder: string, binary: string, libraries: readonly string[]): string {
  const script = join(folder, 'bin', basename(binary));
  const here = (path: string) => `$here/${relative(folder, path)}`;
  const text = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
LD_LIBRARY_PATH="${libraries.map(here).join(':')}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
export LD_LIBRARY_PATH
exec "${here(binary)}" "$@"
`;
  if (!existsSync(script)) {
    mkdirSync(dirname(script), { recursive: true });
    writeFileSync(`${script}.${process.pid}`, text, { mode: 0o755 });
    renameSync(`${script}.${process.pid}`, script);
  }
  return script;
}

/** The folders below that hold shared libraries. */
export function libraryFolders(root: string): string[] {
  return ['usr/lib', 'lib'].flatMap((place) => {
    const base = join(root, place);
    const folders = [base, ...list(base).map((name) => join(base, name))];
    return folders.filter((folder) => isFolder(folder) && list(folder).some((name) => /\.so(\.|$)/.test(name)));
  });
}

/** The names in a folder, sorted; none when it cannot be read. */
export function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
