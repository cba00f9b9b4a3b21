import { setImmediate as nextTurn } from 'node:timers/promises';
import { compileWorkspace, MemoryCache, parity, type Parity, type WorkspaceReader } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';
import { driverChecks } from '../check/check-folder.ts';
import { FolderReader } from '../check/folder-reader.ts';
import { GitTree } from '../check/git-tree.ts';
import { plural } from '../render/text.ts';

export interface DiffOptions {
  readonly folder: string;
  /** `staging`, or `staging@origin/main`: as that revision of the repository has it. */
  readonly environments: readonly [string, string];
  readonly signal: AbortSignal;
  readonly now: Date;
}

/** What `gitway diff --json` answers. Members may be added; one that goes or changes its meaning raises `version`. */
export interface DiffAnswer extends Parity {
  readonly version: 1;
}

/**
 * Compares two environments of a folder, each as its files are or as Git has them at a revision. No platform is asked.
 *
 * @throws InvalidInputError `no-folder`, `no-repository`, `unknown-base`, `unknown-environment`, `refused-environment`
 */
export async function diffEnvironments({ folder, environments, signal, now }: DiffOptions): Promise<DiffAnswer> {
  const cache = new MemoryCache();
  const reader = await FolderReader.open(folder);
  const compiled = new Map<string, ReturnType<typeof compileWorkspace>>();
  const trees: GitTree[] = [];
  const compile = (workspace: WorkspaceReader) =>
    compileWorkspace(workspace, {
      drivers: driverChecks,
      cache,
      now,
      breathe: async () => {
        await nextTurn();
        signal.throwIfAborted();
      },
    });
  const at = async (revision: string) => {
    if (revision === '') return compile(reader);
    const tree = await GitTree.open(reader.root, revision, signal);
    trees.push(tree);
    return compile(tree);
  };
  const sideOf = async (named: string) => {
    const cut = named.indexOf('@');
    const [name, revision] = cut === -1 ? [named, ''] : [named.slice(0, cut), named.slice(cut + 1)];
    const compiling = compiled.get(revision) ?? at(revision);
    compiled.set(revision, compiling);
    const result = await compiling;
    const found = result.environments.find((each) => each.name === name);
    if (found === undefined) {
      const known = result.environments.map((each) => each.name).join(', ') || 'none';
      const where = revision === '' ? folder : revision;
      throw new InvalidInputError(
        'unknown-environment',
        `${where} declares no environment ${name}. It declares: ${known}.`,
      );
    }
    if (found.snapshot === null) {
      const message = `Environment ${named} would be refused, with ${plural(found.counts.errors, 'error')}: gitway check says which.`;
      throw new InvalidInputError('refused-environment', message);
    }
    return { environment: name, units: found.units.values(), index: result.index };
  };
  try {
    const a = await sideOf(environments[0]);
    const b = await sideOf(environments[1]);
    return { version: 1, ...parity(a, b), environments };
  } finally {
    for (const tree of trees) tree.close();
  }
}
