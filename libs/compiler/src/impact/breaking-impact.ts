import { breakingRuleOf } from '@gitway/breaking';
import { parseDurationMs, type ApiUnit, type Severity } from '@gitway/contracts';
import type { BreakingRules } from '@gitway/resources';
import type { ApiUsage } from '../breaking/live.ts';
import { actionOf, defaultBreakingPolicies, measuresOf, severityOfAction } from '../breaking/policy.ts';
import { weighUsage } from '../breaking/weigh-usage.ts';
import { compare } from '../findings.ts';
import { gatewayChangeRules } from '../rules/breaking-rules.ts';
import { gravity, type Level } from '../verdicts/rule-levels.ts';
import { BREAKING } from './rule-changes.ts';
import type { ImpactHit, RuleImpact } from './rule-impact.ts';
import type { RulesInForce } from './rules-in-force.ts';

export interface BreakingBase {
  readonly environment: string;
  readonly now: Date;
  readonly apis: readonly ApiUnit[];
  usage(api: string, since: Date): Promise<ApiUsage>;
}

const AT_ONCE = 8;
const LOOKED_AT = 90 * 86_400_000;

/**
 * What the policy of breaking changes makes of the next change of each API that is live: nobody knows what that will be,
 * but who calls the API is known, and so is whether a change that concerns these callers would be refused.
 */
export async function breakingImpact(
  asked: ReadonlySet<string>,
  rules: RulesInForce,
  base: BreakingBase,
): Promise<RuleImpact[]> {
  const { breaking } = rules;
  const both = [...breaking.rules, ...breaking.trial];
  // A policy that changed may have changed for the rules that it names alone.
  const named = asked.has(BREAKING)
    ? both.flatMap(({ policies = [] }) => policies.flatMap((policy) => policy.rules ?? []))
    : [];
  const ids = [...new Set([...asked, ...named])];
  const hits = new Map(ids.map((id) => [id, { rejects: [] as ImpactHit[], warns: [] as ImpactHit[] }]));
  const since = new Date(base.now.getTime() - longestWindowMs(both));
  let next = 0;
  const usages = new Map<string, ApiUsage>();
  const ask = async () => {
    for (let api = base.apis[next++]; api !== undefined; api = base.apis[next++])
      usages.set(api.name, await base.usage(api.name, since));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  for (const api of base.apis.toSorted((a, b) => compare(a.name, b.name))) {
    for (const [id, { rejects, warns }] of hits) {
      const judged = judge(id, api, usages.get(api.name)!, rules, base);
      if (judged === undefined) continue;
      const { level, ...hit } = judged;
      (level === 'error' ? rejects : warns).push(hit);
    }
  }
  return [...hits].map(([rule, { rejects, warns }]) => ({
    ...{ rule, environment: base.environment, kind: 'Api', total: base.apis.length, rejects, warns },
    trial: rejects.length > 0 && rejects.every(({ trial }) => trial),
    nextChange: true,
  }));
}

function judge(
  id: string,
  api: ApiUnit,
  usage: ApiUsage,
  { breaking, ruleSets: { levels } }: RulesInForce,
  { environment, now }: BreakingBase,
): (ImpactHit & { readonly level: Level }) | undefined {
  const usual: Severity =
    id === BREAKING
      ? 'error'
      : ((breakingRuleOf(id) ?? gatewayChangeRules.find((rule) => rule.id === id))?.level ?? 'error');
  let evidence = '';
  const by = (ruleSets: readonly BreakingRules[]): Level => {
    const graded = measuresOf(ruleSets, { environment, api }, id).map((measure) => {
      const weight = weighUsage(
        usage,
        { operations: null, consumers: null, name: 'The API' },
        measure.usedWithinMs,
        now,
      );
      evidence = weight.evidence;
      return severityOfAction(usual === 'info' ? 'allow' : actionOf(measure, weight.standing, usual));
    });
    return graded.reduce((a, b) => (gravity[b] > gravity[a] ? b : a));
  };
  const scope = { environment, api };
  // A severity that is given for good is given to what is found; what is ignored is not found.
  const final = (found: Level) => (found === 'off' || id === BREAKING ? found : levels.of(id, found, scope));
  const enforced = final(by(breaking.rules));
  const tried = final(by([...breaking.rules, ...breaking.trial]));
  const onTrial = id === BREAKING || tried === 'off' ? tried : levels.onTrial(id, scope, tried);
  const level = gravity[onTrial] > gravity[enforced] ? onTrial : enforced;
  if (gravity[level] < gravity.warning) return undefined;
  return { name: api.name, message: evidence, trial: gravity[level] > gravity[enforced], level };
}

function longestWindowMs(ruleSets: readonly BreakingRules[]): number {
  const policies = [...defaultBreakingPolicies, ...ruleSets.flatMap(({ policies: own = [] }) => own)];
  return Math.min(LOOKED_AT, Math.max(...policies.map(({ usedWithin }) => parseDurationMs(usedWithin ?? '') ?? 0)));
}
