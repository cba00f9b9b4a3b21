import type { Finding, Unit } from '@gitway/contracts';
import type { GuardrailKind } from '@gitway/guardrails';
import { compare, finding } from '../findings.ts';
import type { RuleLevels } from '../verdicts/rule-levels.ts';
import type { TrialHit } from '../verdicts/verdicts.ts';
import { impactWords, totalsOf } from './rule-impact.ts';

/** What rules on trial would refuse in one environment, summed up for each rule. */
export function trialFindings(
  environment: string,
  units: Iterable<Unit>,
  hits: readonly TrialHit[],
  levels: RuleLevels,
): Finding[] {
  if (hits.length === 0) return [];
  const totals = totalsOf(units);
  const byRule = new Map<string, Map<string, string>>();
  for (const { rule, object, message } of hits) {
    const objects = byRule.get(rule) ?? new Map<string, string>();
    byRule.set(rule, objects);
    if (!objects.has(object)) objects.set(object, message);
  }
  return [...byRule].map(([rule, objects]) => {
    const [kind] = [...objects.keys()][0]!.split('/') as [GuardrailKind];
    const rejects = [...objects]
      .map(([object, message]) => ({ object, name: object.slice(object.indexOf('/') + 1), message, trial: true }))
      .sort((a, b) => compare(a.name, b.name));
    // Nothing may be known of a kind whose units could not be made.
    const total = Math.max(totals[kind] ?? 0, rejects.length);
    const [said, list] = impactWords({ kind, total, rejects, warns: [] });
    const message = `Rule \`${rule}\`, on trial, ${said} in ${environment}: ${list}.`;
    const related = rejects.slice(0, 5).map(({ object, message: words }) => ({ where: { object }, message: words }));
    return { ...finding('rule-on-trial', 'info', levels.placeOf(rule) ?? {}, message), related };
  });
}
