import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CompiledEnvironment, compileWorkspace, MemoryCache, type WorkspaceReader } from '@gitway/compiler';
import { InvalidInputError } from '@gitway/errors';
import { planChanges, type PlannedState } from '@gitway/plan';
import { driverChecks } from '@gitway/drivers';
import { FolderReader } from '../check/folder-reader.ts';
import { GitTree } from '../check/git-tree.ts';
import { allowed, type Allowances } from '../check/allowances.ts';
import { plural, shortCommit } from '../render/text.ts';
import type { PlanAnswer, PlannedEnvironment } from './outcome.ts';

export interface PlanFolderOptions {
  readonly folder: string;
  /** A revision of the repository that the folder is in. */
  readonly base: string;
  /** Of this environment only. */
  readonly environment: string | undefined;
  readonly signal: AbortSignal;
  readonly allowances: Allowances;
  readonly now: Date;
}

/**
 * What the files of a folder change against what Git has of it at a revision: both are compiled here, no platform is
 * asked.
 *
 * @throws InvalidInputError `no-folder`, `no-repository`, `unknown-base`, `unknown-environment`
 */
export async function planFolder({
  folder,
  base,
  environment,
  signal,
  allowances,
  now,
}: PlanFolderOptions): Promise<PlanAnswer> {
  const reader = await FolderReader.open(folder);
  const tree = await GitTree.open(reader.root, base, signal);
  try {
    const options = { drivers: driverChecks, cache: new MemoryCache(), now, ...allowed(allowances) };
    const compile = async (workspace: WorkspaceReader) => {
      const breathe = async () => {
        await nextTurn();
        signal.throwIfAborted();
      };
      const { environments } = await compileWorkspace(workspace, { ...options, breathe });
      return new Map(environments.map((each) => [each.name, each]));
    };
    const before = await compile(tree);
    const after = await compile(reader);
    const names = [...new Set([...before.keys(), ...after.keys()])].sort();
    if (environment !== undefined && !names.includes(environment)) {
      const message = `Neither ${folder} nor ${base} declares an environment ${environment}. Declared: ${names.join(', ') || 'none'}.`;
      throw new InvalidInputError('unknown-environment', message);
    }
    const items = names
      .filter((name) => environment === undefined || name === environment)
      .map((name) => planOf(name, before.get(name), after.get(name), `${base} (${shortCommit(tree.commit)})`));
    return { version: 1, commit: null, base: tree.commit, items };
  } finally {
    tree.close();
  }
}

function planOf(
  environment: string,
  before: CompiledEnvironment | undefined,
  after: CompiledEnvironment | undefined,
  base: string,
): PlannedEnvironment {
  const none = (why: string, refused: boolean) => ({ environment, plan: null, why, refused });
  if (after === undefined) return none('the folder declares it no more; what is live there stays', false);
  const state = stateOf(after);
  if (state === null)
    return none(`it would be refused, with ${plural(after.counts.errors, 'error')} (gitway check)`, true);
  const old = before === undefined ? null : stateOf(before);
  if (before !== undefined && old === null)
    return none(`${base} is refused there itself, with ${plural(before.counts.errors, 'error')}`, false);
  return { environment, plan: planChanges(old, state), why: null, refused: false };
}

const stateOf = ({ snapshot, digest, units }: CompiledEnvironment): PlannedState | null =>
  snapshot === null || digest === null ? null : { snapshot, digest, units };
