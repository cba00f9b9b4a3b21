/**
 * Copies what programs need at run time, and nothing else, out of a built checkout:
 *
 *     node deploy/docker/assemble.mjs <folder> <workspace package>…
 *
 * Follows `dependencies` (not `devDependencies`, which `npm ci --omit=dev` leaves in for the packages of a workspace)
 * from the named packages through node_modules, as Node resolves them. Packages of the workspace keep their place and
 * leave their sources and specs behind.
 */
import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = realpathSync(resolve(dirname(fileURLToPath(import.meta.url)), '..', '..'));
const [out, ...names] = process.argv.slice(2);
if (out === undefined || names.length === 0) {
  console.error('usage: node deploy/docker/assemble.mjs <folder> <workspace package>…');
  process.exit(2);
}

/** Folders of packages as they lie in the checkout; a link of the workspace beside what it leads to. */
const packages = new Set();
const links = new Set();

for (const name of names) add(name, root, true);
for (const folder of packages) copyPackage(folder);
for (const link of links) {
  const target = resolve(out, relative(root, link));
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(relative(dirname(link), realpathSync(link)), target);
}
cpSync(join(root, 'package.json'), resolve(out, 'package.json'));
console.log(`${packages.size} packages for ${names.join(', ')}`);

function add(name, from, required) {
  const found = find(name, from);
  if (found === null) {
    if (required)
      throw new Error(`${name}, which ${relative(root, from) || 'the command line'} needs, is not installed`);
    return;
  }
  if (lstatSync(found).isSymbolicLink()) links.add(found);
  const folder = realpathSync(found);
  if (packages.has(folder)) return;
  packages.add(folder);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const optional = manifest.optionalDependencies ?? {};
  for (const one of Object.keys(manifest.dependencies ?? {})) add(one, folder, !(one in optional));
  for (const one of Object.keys(optional)) add(one, folder, false);
  for (const one of Object.keys(manifest.peerDependencies ?? {})) {
    if (manifest.peerDependenciesMeta?.[one]?.optional !== true) add(one, folder, false);
  }
}

/** As Node looks for a package: in each node_modules from here up to the root. */
function find(name, from) {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (basename(folder) !== 'node_modules' && existsSync(candidate)) return candidate;
    if (folder === root) return null;
  }
}

function copyPackage(folder) {
  const place = relative(root, folder);
  const ours = !place.split(sep).includes('node_modules');
  cpSync(folder, resolve(out, place), {
    recursive: true,
    filter: (source) => {
      const inside = relative(folder, source);
      if (inside === '') return true;
      const first = inside.split(sep)[0];
      if (inside.split(sep).includes('node_modules')) return false;
      if (!ours) return true;
      return first !== 'src' && first !== 'conformance' && !/\.spec\.|\.tsbuildinfo$|\.d\.ts$/.test(source);
    },
  });
}
