import type { Finding, Location } from '@gitway/contracts';
import { locationOf, type BreakingRules } from '@gitway/resources';
import { breakingRulesOf } from '../breaking/breaking-rules.ts';
import { checkSettings, type CheckSettings } from '../checks/index.ts';
import type { Located } from '../collect-files.ts';
import { compileRuleSets, type RuleSets } from '../guardrails/compile-rule-sets.ts';
import { lintSettings, type LintSettings } from '../openapi/lint-settings.ts';
import type { RulesetMeans } from '../openapi/spectral/read-ruleset.ts';
import type { ResourceIndex } from '../resource-index.ts';
import type { CompileCache, WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import { rulesetRules } from './ruleset-rules.ts';

/** All that the RuleSets of a workspace say, whatever they are held against. */
export interface RulesInForce {
  readonly located: readonly Located[];
  readonly ruleSets: RuleSets;
  readonly settings: CheckSettings;
  readonly breaking: {
    readonly rules: readonly BreakingRules[];
    readonly trial: readonly BreakingRules[];
    readonly findings: readonly Finding[];
  };
  readonly lint: LintSettings;
}

interface RuleFiles extends RulesetMeans {
  readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  readonly reader: WorkspaceReader;
  readonly cache: CompileCache;
}

/** @param without as if there were no RuleSet */
export async function rulesInForce(
  index: ResourceIndex,
  { entries, reader, cache, remote, functions }: RuleFiles,
  without = false,
): Promise<RulesInForce> {
  const located = without ? [] : index.all('RuleSet');
  return {
    located,
    ruleSets: compileRuleSets(index, cache, located),
    settings: checkSettings(index, located),
    breaking: breakingRulesOf(index, located),
    lint: await lintSettings(located, entries, reader, cache, { remote, functions }),
  };
}

/** What is wrong with them; it refuses every environment. */
export const findingsOfRules = ({ ruleSets, settings, breaking, lint }: RulesInForce): Finding[] => [
  ...ruleSets.findings,
  ...settings.findings,
  ...breaking.findings,
  ...lint.findings,
];

/** Where a RuleSet speaks of a rule, or brings it in; undefined where none does any more. */
export function placeOfRule({ located, ruleSets, settings, lint }: RulesInForce, rule: string): Location | undefined {
  const spoken = ruleSets.levels.placeOf(rule);
  if (spoken !== undefined) return spoken;
  const declared =
    rule === 'missing-policy'
      ? settings.requirements[0]
      : rule === 'private-upstream'
        ? settings.upstreams[0]
        : undefined;
  if (declared !== undefined) return locationOf(declared.ruleSet.resource, declared.path);
  if (rule === 'breaking') {
    const owner = located.find(({ resource }) => 'breaking' in resource.value.spec);
    return owner === undefined ? undefined : locationOf(owner.resource, ['spec', 'breaking'], 'key');
  }
  const rulesets = lint.settings.rulesets ?? [];
  const from = rulesets.find((ruleset) => rulesetRules(ruleset).rules.has(rule)) ?? rulesets[0];
  return rule.startsWith('spectral-') && from !== undefined ? lint.places.get(from.path) : undefined;
}
