import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  compileWorkspace,
  MemoryCache,
  parity,
  type Parity,
  type ParityDifference,
  type WorkspaceReader,
} from '@gitway/compiler';
import type { Unit } from '@gitway/contracts';
import { InvalidInputError } from '@gitway/errors';
import { driverChecks } from '@gitway/drivers';
import { FolderReader } from '../check/folder-reader.ts';
import { GitTree } from '../check/git-tree.ts';
import { allowed, type Allowances } from '../check/allowances.ts';
import { plural } from '../render/text.ts';
import type { LiveEnvironment } from '../rules/live-units.ts';

export interface DiffOptions {
  readonly folder: string;
  /** `staging`, or `staging@origin/main`: as that revision of the repository has it. */
  readonly environments: readonly [string, string];
  readonly signal: AbortSignal;
  readonly allowances: Allowances;
  readonly now: Date;
  /** Where given, what is compared is what runs; the folder says what was declared. */
  readonly live?: (environment: string) => Promise<LiveEnvironment>;
}

/** What `gitway diff --json` answers. Members may be added; one that goes or changes its meaning raises `version`. */
export interface DiffAnswer extends Parity {
  readonly version: 1;
}

/**
 * Compares two environments of a folder, each as its files are, as Git has them at a revision, or as they run.
 *
 * @throws InvalidInputError `no-folder`, `no-repository`, `unknown-base`, `unknown-environment`, `refused-environment`,
 * `nothing-live`, `earlier-release`
 */
export async function diffEnvironments({
  folder,
  environments,
  signal,
  allowances,
  now,
  live,
}: DiffOptions): Promise<DiffAnswer> {
  const options = { drivers: driverChecks, cache: new MemoryCache(), now, ...allowed(allowances) };
  const reader = await FolderReader.open(folder);
  const compiled = new Map<string, ReturnType<typeof compileWorkspace>>();
  const trees: GitTree[] = [];
  const compile = (workspace: WorkspaceReader) =>
    compileWorkspace(workspace, {
      ...options,
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
    const said = parity(a, b);
    if (live === undefined) return { version: 1, ...said, environments };
    const [here, there] = await Promise.all([a, b].map(async ({ environment }) => running(await live(environment))));
    return { version: 1, ...asDeclared(parity({ ...a, units: here! }, { ...b, units: there! }), said), environments };
  } finally {
    for (const tree of trees) tree.close();
  }
}

/** Of what runs, a difference is declared where the folder declares this very one. */
function asDeclared(runs: Parity, said: Parity): Parity {
  const keyOf = ({ unit, field, values }: ParityDifference) => JSON.stringify([unit, field, values]);
  const known = new Map(said.differences.map((each) => [keyOf(each), each]));
  const differences = runs.differences.map(
    (each): ParityDifference => known.get(keyOf(each)) ?? { ...each, declared: false, by: [] },
  );
  return { ...runs, differences, undeclared: differences.filter(({ declared }) => !declared).length };
}

/** All that runs, or nothing: a part that cannot be read would be told as a difference, or not at all. */
function running({ environment, snapshot, units, unreadable }: LiveEnvironment): readonly Unit[] {
  if (snapshot === null) throw new InvalidInputError('nothing-live', `Nothing is live in environment ${environment}.`);
  if (unreadable === 0) return units;
  const message = `${plural(unreadable, 'part')} of what is live in environment ${environment} cannot be read: of an earlier release. Deploy it again, then compare.`;
  throw new InvalidInputError('earlier-release', message);
}
