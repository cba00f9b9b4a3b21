import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Packages of this repository whose code decides what a stage gives. */
const own = ['compiler', 'resources', 'contracts', 'guardrails', 'breaking', 'errors'];

let known: string | undefined;

/**
 * Names the engine: a digest of the code that computes the stages, of the versions of the libraries that it stands on,
 * and of Node's. Nobody has to remember to raise a number: other code is another engine, and what one engine kept is
 * nothing to another. Two machines with the same release have the same engine.
 */
export function engineVersion(): string {
  known ??= versionOf(own.map((name) => packageFolder(name)));
  return known;
}

/** The same of packages that lie in these folders. */
export function versionOf(folders: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name: string;
      dependencies?: Record<string, string>;
    };
    hash.update(`\0${manifest.name}\0${JSON.stringify(manifest.dependencies ?? {})}`);
    for (const file of codeOf(join(folder, 'dist'))) {
      hash.update(`\0${file}\0`).update(readFileSync(join(folder, 'dist', file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** What is built of a package, in order of name, without its specs. */
function codeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js') && !/(\.spec\.js$|(^|[\\/])(testing|tools)[\\/])/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

function packageFolder(name: string): string {
  const entry = createRequire(fileURLToPath(import.meta.url)).resolve(`@gitway/${name}`);
  return join(dirname(realpathSync(entry)), '..');
}
