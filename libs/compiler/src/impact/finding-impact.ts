import type { Unit } from '@gitway/contracts';
import { compare } from '../findings.ts';
import type { Heard } from '../verdicts/hearing.ts';
import { gravity, type RuleLevels } from '../verdicts/rule-levels.ts';
import { totalsOf, type ImpactHit, type RuleImpact } from './rule-impact.ts';
import type { ChangedRules } from './rule-changes.ts';

/** What rules of Gitway and of Spectral rulesets say of everything that an environment serves, as it was heard. */
export function findingImpact(
  { findings, unnamed }: Pick<ChangedRules, 'findings' | 'unnamed'>,
  heard: readonly Heard[],
  levels: RuleLevels,
  { environment, units }: { readonly environment: string; readonly units: readonly Unit[] },
): RuleImpact[] {
  const totals: Readonly<Record<string, number>> = totalsOf(units);
  const asked = (rule: string) => findings.has(rule) || (unnamed && /^(spectral-|ruleset-failed$)/.test(rule));
  const groups = new Map<string, { rule: string; kind: string; hits: Map<string, ImpactHit & { gravest: number }> }>();
  for (const { rule, message, object, severity, onTrial, api, ...of } of heard) {
    if (!asked(rule) || (of.environment !== undefined && of.environment !== environment)) continue;
    const scope = { environment, api };
    const enforced = levels.of(rule, severity, scope);
    const trial = levels.onTrial(rule, scope, onTrial);
    const level = gravity[trial] > gravity[enforced] ? trial : enforced;
    if (level === 'off') continue;
    const [kind, name] = [object.slice(0, object.indexOf('/')), object.slice(object.indexOf('/') + 1)];
    const group = groups.get(`${kind} ${rule}`) ?? { rule, kind, hits: new Map() };
    groups.set(`${kind} ${rule}`, group);
    // The gravest counts, and of those what is enforced.
    const gravest = gravity[level] * 2 + (gravity[enforced] >= gravity[level] ? 1 : 0);
    const known = group.hits.get(name);
    if (known === undefined || known.gravest < gravest)
      group.hits.set(name, { name, message, trial: gravity[enforced] < gravity[level], gravest });
  }
  const impacts = [...groups.values()].map(({ rule, kind, hits }): RuleImpact => {
    const all = [...hits.values()].sort((a, b) => compare(a.name, b.name));
    const of = (rejects: boolean) =>
      all.filter(({ gravest }) => gravest >= gravity.error * 2 === rejects).map(({ gravest: _, ...hit }) => hit);
    const [rejects, warns] = [of(true), of(false)];
    const trial = rejects.length > 0 && rejects.every((hit) => hit.trial);
    // Not everything that is found something of is a unit.
    return { rule, environment, kind, total: Math.max(totals[kind] ?? 0, all.length), rejects, warns, trial };
  });
  const hit = new Set(impacts.map(({ rule }) => rule));
  const none = [...findings].filter((rule) => !hit.has(rule));
  return [
    ...impacts.sort((a, b) => compare(a.rule, b.rule) || compare(a.kind, b.kind)),
    ...none.map((rule) => ({
      ...{ rule, environment, kind: 'Api', total: totals['Api'] ?? 0 },
      ...{ rejects: [], warns: [], trial: false },
    })),
  ];
}
