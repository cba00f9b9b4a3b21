import { folderRules, opinionsOn, readRules, type FolderRule, type RuleOpinion } from '@gitway/compiler';
import { allowed, type Allowances } from '../check/allowances.ts';
import { FolderReader } from '../check/folder-reader.ts';

/** What a folder says of rules. */
export interface RulesOfFolder {
  readonly rules: readonly FolderRule[];
  /** Where its RuleSets change how grave a rule is, be it theirs or Gitway's. */
  changesOf(rule: string): readonly RuleOpinion[];
  /** How many errors there are in RuleSets and rulesets: rules may be missing. */
  readonly errors: number;
}

/** @throws InvalidInputError `no-folder` */
export async function rulesOfFolder(folder: string, allowances: Allowances): Promise<RulesOfFolder> {
  const files = await FolderReader.open(folder);
  await files.list();
  const reader = { list: () => Promise.resolve(files.entries), read: (path: string) => files.read(path) };
  const { remote, rulesetFunctions } = allowed(allowances);
  const read = await readRules(reader, remote, rulesetFunctions);
  return {
    rules: await folderRules(read, reader),
    changesOf: (rule) => opinionsOn(read.rules.located, rule),
    errors: read.findings.filter(({ severity }) => severity === 'error').length,
  };
}
