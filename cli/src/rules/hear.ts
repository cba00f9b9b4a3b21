import {
  compileWorkspace,
  type CompileOptions,
  heardFiles,
  type HeardFiles,
  type RulesInForce,
  type WorkspaceReader,
} from '@gitway/compiler';
import { driverChecks } from '@gitway/drivers';
import { InvalidInputError } from '@gitway/errors';
import { GitTree } from '../check/git-tree.ts';
import { shortCommit } from '../render/text.ts';

export interface HearingMeans extends Pick<
  CompileOptions,
  'cache' | 'documents' | 'lasting' | 'remote' | 'rulesetFunctions'
> {
  readonly now: Date;
}

/** What rules find in the files of a workspace, in one environment. */
export async function hear(
  reader: WorkspaceReader,
  environment: string,
  rules: RulesInForce,
  means: HearingMeans,
): Promise<HeardFiles> {
  const hearing = { rules, environments: [environment] };
  return heardFiles(await compileWorkspace(reader, { drivers: driverChecks, ...means, hearing }), environment);
}

/** The same of a commit, where the repository around a folder has it. */
export async function hearCommit(
  folder: string,
  commit: string,
  environment: string,
  rules: RulesInForce,
  means: HearingMeans,
): Promise<HeardFiles | { readonly unknown: string }> {
  let tree: GitTree;
  try {
    tree = await GitTree.open(folder, commit);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { unknown: `the files of ${shortCommit(commit)} are not in this repository (has it been fetched?)` };
  }
  try {
    return await hear(tree, environment, rules, means);
  } finally {
    tree.close();
  }
}
