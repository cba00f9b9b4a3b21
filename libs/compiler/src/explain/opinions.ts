import type { Location } from '@gitway/contracts';
import { starterGuardrailOf } from '@gitway/guardrails';
import { locationOf, type GuardrailEntry, type Path, type RuleSetSpec } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import type { Level } from '../verdicts/rule-levels.ts';

/** What one place of a RuleSet makes of a rule. */
export interface RuleOpinion {
  readonly severity: Level;
  /** `RuleSet/house`. */
  readonly by: string;
  readonly where: Location;
  /** The RuleSet says what it would do, and nothing is refused by it. */
  readonly trial: boolean;
  /** It holds there only. */
  readonly environments?: readonly string[];
  readonly lifecycle?: readonly string[];
  readonly visibility?: readonly string[];
}

/** All places of RuleSets that say how grave a rule is, in the order in which they are written. */
export function opinionsOn(located: readonly Located[], rule: string): RuleOpinion[] {
  const isStarter = starterGuardrailOf(rule) !== undefined;
  const takesIn = ({ id, use }: GuardrailEntry) => (id ?? use) === rule || (use === 'all' && isStarter);
  return located.flatMap(({ resource }) => {
    const { guardrails = [], rules = {}, overrides = [], mode } = resource.value.spec as RuleSetSpec;
    const opinion = (severity: Level, path: Path, scope: object = {}): RuleOpinion => ({
      severity,
      by: `RuleSet/${resource.name}`,
      where: locationOf(resource, path),
      trial: mode === 'trial',
      ...scope,
    });
    const taken = guardrails.flatMap((entry, number) =>
      entry.severity !== undefined && takesIn(entry)
        ? [opinion(entry.severity, ['spec', 'guardrails', number, 'severity'])]
        : [],
    );
    const own = Object.hasOwn(rules, rule) ? [opinion(rules[rule]!, ['spec', 'rules', rule])] : [];
    const speaksOf = taken.length + own.length > 0 || guardrails.some(takesIn);
    const overriding = overrides.flatMap(({ rules: of, severity, environments, lifecycle, visibility }, number) => {
      if (of === undefined ? !speaksOf : !of.includes(rule)) return [];
      const scope = {
        ...(environments === undefined ? {} : { environments }),
        ...(lifecycle === undefined ? {} : { lifecycle }),
        ...(visibility === undefined ? {} : { visibility }),
      };
      return [opinion(severity, ['spec', 'overrides', number, 'severity'], scope)];
    });
    return [...taken, ...own, ...overriding];
  });
}
