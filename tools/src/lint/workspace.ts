import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { blank, lineOf } from './source-text.ts';

export interface ImportStatement {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  /** What is imported, as it is written: `{ isIP }`, `* as x`; empty for a side effect or a dynamic import. */
  readonly clause: string;
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  /** Inside its package, `src/domain/plan.ts`. */
  readonly inPackage: string;
  readonly text: string;
  /** Without comments. */
  readonly code: string;
  /** Without comments and without what stands in strings. */
  readonly bareCode: string;
  readonly imports: readonly ImportStatement[];
  /** A spec or a helper of specs. */
  readonly test: boolean;
}

export interface WorkspacePackage {
  readonly name: string;
  readonly directory: string;
  readonly tags: readonly string[];
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** What may be imported of it: `@gitway/x` and its declared subpaths. */
  readonly entries: ReadonlySet<string>;
  /** Names of the packages that its tsconfig.json references. */
  readonly references: ReadonlySet<string>;
  readonly files: readonly SourceFile[];
}

export interface Workspace {
  readonly packages: readonly WorkspacePackage[];
  readonly rootDevDependencies: ReadonlySet<string>;
}

interface Manifest {
  name: string;
  workspaces?: string[];
  nx?: { tags?: string[] };
  exports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

export function readWorkspace(root: string): Workspace {
  const manifest = readJson<Manifest>(join(root, 'package.json'));
  const directories = (manifest.workspaces ?? []).flatMap((pattern) => expand(root, pattern));
  const names = new Map(directories.map((directory) => [directory, readManifest(root, directory).name]));
  return {
    packages: directories.map((directory) => readPackage(root, directory, names)),
    rootDevDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

export function sourceFile(packageDirectory: string, inPackage: string, text: string): SourceFile {
  const code = blank(text, { strings: false });
  return {
    path: `${packageDirectory}/${inPackage}`,
    inPackage,
    text,
    code,
    bareCode: blank(text, { strings: true }),
    imports: importsOf(code),
    test: inPackage.endsWith('.spec.ts') || inPackage.includes('/testing/'),
  };
}

export function importsOf(code: string): ImportStatement[] {
  const found: ImportStatement[] = [];
  const add = (pattern: RegExp) => {
    for (const match of code.matchAll(pattern)) {
      const { specifier, typeOnly, clause } = match.groups as { specifier: string; typeOnly?: string; clause?: string };
      found.push({
        specifier,
        line: lineOf(code, match.index),
        typeOnly: typeOnly !== undefined,
        clause: clause?.trim() ?? '',
      });
    }
  };
  add(/^[ \t]*(?:import|export)\s+(?<typeOnly>type\s)?(?<clause>[^'"`;()]*?)from\s*['"](?<specifier>[^'"]+)['"]/gm);
  add(/^[ \t]*import\s*['"](?<specifier>[^'"]+)['"]/gm);
  add(/\bimport\(\s*['"](?<specifier>[^'"]+)['"]/gm);
  return found.sort((a, b) => a.line - b.line);
}

/** `@nats-io/kv/x` → `@nats-io/kv`, `node:fs/promises` → `node:fs`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

function readPackage(root: string, directory: string, names: ReadonlyMap<string, string>): WorkspacePackage {
  const manifest = readManifest(root, directory);
  const tsconfig = readJson<{ references?: { path: string }[] }>(join(root, directory, 'tsconfig.json'));
  return {
    name: manifest.name,
    directory,
    tags: manifest.nx?.tags ?? [],
    dependencies: new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
    ),
    devDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
    entries: new Set(Object.keys(manifest.exports ?? {}).map((key) => manifest.name + key.slice(1))),
    references: new Set(
      (tsconfig.references ?? []).map(({ path }) => {
        const target = slashes(relative(root, resolve(root, directory, path)));
        return names.get(target) ?? target;
      }),
    ),
    files: listSources(join(root, directory, 'src')).map((path) =>
      sourceFile(directory, slashes(relative(join(root, directory), path)), readFileSync(path, 'utf8')),
    ),
  };
}

function expand(root: string, pattern: string): string[] {
  if (!pattern.endsWith('/*')) return [pattern];
  const parent = pattern.slice(0, -2);
  return readdirSync(join(root, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${parent}/${entry.name}`)
    .filter((directory) => readdirSync(join(root, directory)).includes('package.json'))
    .sort();
}

function listSources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const readManifest = (root: string, directory: string) => readJson<Manifest>(join(root, directory, 'package.json'));
const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const slashes = (path: string) => path.split(sep).join('/');
