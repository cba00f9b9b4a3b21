import type { Finding, Location, Unit } from '@gitway/contracts';
import { guardrailKinds, type GuardrailKind } from '@gitway/guardrails';
import { compare, finding } from '../findings.ts';
import type { TrialHit } from '../verdicts/verdicts.ts';
import { impactWords, listed, totalsOf, type ImpactHit } from '../impact/rule-impact.ts';

/** What rules on trial would refuse in one environment, summed up for each rule. */
export function trialFindings(
  environment: string,
  units: Iterable<Unit>,
  hits: readonly TrialHit[],
  placeOf: (rule: string) => Location | undefined,
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
    const rejects = [...objects]
      .map(([object, message]) => ({ object, name: object.slice(object.indexOf('/') + 1), message, trial: true }))
      .sort((a, b) => compare(a.name, b.name));
    const [said, list] = saidOf(rejects, totals);
    const message = `Rule \`${rule}\`, on trial, ${said} in ${environment}: ${list}.`;
    const related = rejects.slice(0, 5).map(({ object, message: words }) => ({ where: { object }, message: words }));
    return { ...finding('rule-on-trial', 'info', placeOf(rule) ?? {}, message), related };
  });
}

/** Of kinds that no unit is made of, and of several kinds, nobody knows how many there are: each is named with its kind. */
function saidOf(
  rejects: readonly (ImpactHit & { readonly object: string })[],
  totals: Readonly<Record<GuardrailKind, number>>,
): readonly [said: string, list: string] {
  const [kind, ...others] = new Set(rejects.map(({ object }) => object.slice(0, object.indexOf('/'))));
  const known = guardrailKinds.find((each) => each === kind);
  if (known === undefined || others.length > 0)
    return listed(
      `would reject ${rejects.length} ${rejects.length === 1 ? 'resource' : 'resources'}`,
      rejects.map(({ object }) => object),
    );
  // Nothing may be known of a kind whose units could not be made.
  return impactWords({ kind: known, total: Math.max(totals[known], rejects.length), rejects, warns: [] });
}
