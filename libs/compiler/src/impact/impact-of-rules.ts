import type { ApiUnit, Finding, Unit } from '@gitway/contracts';
import type { ApiUsage } from '../breaking/live.ts';
import type { Heard } from '../verdicts/hearing.ts';
import type { CompiledWorkspace } from '../workspace.ts';
import { breakingImpact } from './breaking-impact.ts';
import { findingImpact } from './finding-impact.ts';
import { isNothing, type ChangedRules } from './rule-changes.ts';
import { impactFindings, impactUnknown, ruleImpact, type RuleImpact } from './rule-impact.ts';
import { placeOfRule, type RulesInForce } from './rules-in-force.ts';

/** What was heard of the files of an environment. */
export interface HeardFiles {
  readonly heard: readonly Heard[];
  /** Whether all of them could be read: what is refused whatever rules say was not looked at any further. */
  readonly whole: boolean;
}

export const heardFiles = ({ heard, environments }: CompiledWorkspace, environment: string): HeardFiles => ({
  heard,
  whole: environments.some(({ name, digest }) => name === environment && digest !== null),
});

/** What is live in an environment, as rules are held against it. */
export interface ImpactBase {
  readonly environment: string;
  readonly now: Date;
  readonly units: readonly Unit[];
  /**
   * What is found in the files that it was made from (`compileWorkspace` with `hearing`). Asked for only where there are
   * rules that need more than units. `unknown`: why they cannot be had, as a clause.
   */
  hear(rules: RulesInForce): Promise<HeardFiles | { readonly unknown: string }>;
  /** Calls of an API there since then. */
  usage(api: string, since: Date): Promise<ApiUsage>;
  /** Awaited now and then, to leave room for other work. */
  readonly breathe?: () => Promise<void>;
}

export interface Impact {
  readonly impacts: readonly RuleImpact[];
  /** What could not be judged, and why, as clauses. */
  readonly unknown: readonly string[];
}

/** What rules say of everything that is live in an environment, before they are enforced. */
export async function impactOfRules(changed: ChangedRules, rules: RulesInForce, base: ImpactBase): Promise<Impact> {
  const { ruleSets } = rules;
  const impacts = await ruleImpact(changed.guardrails, ruleSets.levels, base.units, base);
  const unknown: string[] = [];
  if (changed.findings.size > 0 || changed.unnamed) {
    const heard = await base.hear(rules);
    if ('unknown' in heard) unknown.push(heard.unknown);
    else {
      impacts.push(...findingImpact(changed, heard.heard, ruleSets.levels, base));
      if (!heard.whole) unknown.push('some of the files of what is live would be refused today whatever rules say');
    }
  }
  if (changed.breaking.size > 0) {
    const apis = base.units.filter((unit): unit is ApiUnit => unit.kind === 'api');
    const { environment, now } = base;
    const usage = (api: string, since: Date) => base.usage(api, since);
    impacts.push(...(await breakingImpact(changed.breaking, rules, { environment, now, apis, usage })));
  }
  // That what nobody speaks of hits nothing is no news.
  const news = impacts.filter(
    ({ rule, rejects, warns }) => !changed.left.has(rule) || rejects.length + warns.length > 0,
  );
  return { impacts: news, unknown };
}

/** The same as findings, each at the place of its rule. */
export async function ruleChangeFindings(
  changed: ChangedRules,
  rules: RulesInForce,
  base: ImpactBase,
): Promise<Finding[]> {
  if (isNothing(changed)) return [];
  const { impacts, unknown } = await impactOfRules(changed, rules, base);
  return [
    ...impactFindings(impacts, (rule) => placeOfRule(rules, rule)),
    ...unknown.map((why) => impactUnknown(base.environment, why)),
  ];
}
