import type { ApiUnit, Finding, Location, Severity } from '@gitway/contracts';
import type { RuleSetSpec } from '@gitway/resources';
import { ruleOf } from '../rules/index.ts';

export type Level = Severity | 'off';

/** What a finding is about, as far as overrides choose by it. What is not known fits no override that asks for it. */
export interface RuleScope {
  readonly environment?: string | undefined;
  readonly api?: Pick<ApiUnit, 'lifecycle' | 'visibility'> | undefined;
}

/** A RuleSet and the levels that it gives by taking rules in (`guardrails`), before `rules` and `overrides`. */
export interface RuleSetLevels {
  readonly spec: RuleSetSpec;
  readonly taken: ReadonlyMap<string, Level>;
  /** Where it speaks of a rule. */
  readonly placeOf: (rule: string) => Location;
}

export const gravity: Readonly<Record<Level, number>> = { off: 0, info: 1, warning: 2, error: 3 };

/**
 * How grave each rule is where: the one mechanism for guardrails, lint rules, breaking changes and checks of the whole
 * workspace. Where several RuleSets speak of a rule, the gravest counts; within one, the last override that fits, then
 * `rules`, then what it takes the rule in with. A RuleSet on trial changes nothing; what it would change can be asked.
 */
export class RuleLevels {
  /** Names the RuleSets: equal ids give equal levels. */
  readonly id: string;
  readonly #ruleSets: readonly RuleSetLevels[];
  readonly #opinions = new Map<string, readonly { ruleSet: RuleSetLevels; base: Level | undefined }[]>();

  constructor(ruleSets: readonly RuleSetLevels[], id: string) {
    this.id = id;
    this.#ruleSets = ruleSets;
  }

  /** `usual` when no RuleSet says anything, and always for rules that cannot be changed. */
  of(rule: string, usual: Level, scope: RuleScope): Level {
    if (isFixed(rule)) return usual;
    return this.#gravest(rule, scope, false) ?? usual;
  }

  /** What those RuleSets would make of it that are on trial; `otherwise` when none of them says anything. */
  onTrial(rule: string, scope: RuleScope, otherwise: Level = 'off'): Level {
    return isFixed(rule) ? otherwise : (this.#gravest(rule, scope, true) ?? otherwise);
  }

  /** Rules of which some RuleSet speaks. */
  get spokenOf(): ReadonlySet<string> {
    return new Set(
      this.#ruleSets.flatMap(({ spec: { rules = {}, overrides = [] }, taken }) => [
        ...taken.keys(),
        ...Object.keys(rules),
        ...overrides.flatMap(({ rules: ids = [] }) => ids),
      ]),
    );
  }

  /** Where the first RuleSet that speaks of a rule does. */
  placeOf(rule: string): Location | undefined {
    return this.#opinionsOn(rule)[0]?.ruleSet.placeOf(rule);
  }

  /** All that decides how grave a rule is in an environment, as plain data: equal data, equal levels. */
  opinionsOn(rule: string, environment: string): unknown {
    return this.#opinionsOn(rule).map(({ ruleSet: { spec }, base }) => ({
      mode: spec.mode ?? 'enforce',
      base: base ?? null,
      overrides: (spec.overrides ?? []).filter(
        ({ rules, environments }) =>
          (rules === undefined || rules.includes(rule)) &&
          (environments === undefined || environments.includes(environment)),
      ),
    }));
  }

  #gravest(rule: string, scope: RuleScope, trial: boolean): Level | undefined {
    let gravest: Level | undefined;
    for (const { ruleSet, base } of this.#opinionsOn(rule)) {
      if ((ruleSet.spec.mode === 'trial') !== trial) continue;
      const level = levelIn(ruleSet.spec, rule, base, scope);
      if (level !== undefined && (gravest === undefined || gravity[level] > gravity[gravest])) gravest = level;
    }
    return gravest;
  }

  /** The finding as it counts here; undefined where its rule is off. */
  grade<F extends Finding>(finding: F, scope: RuleScope): F | undefined {
    const level = this.of(finding.rule, finding.severity, scope);
    if (level === 'off') return undefined;
    return level === finding.severity ? finding : { ...finding, severity: level };
  }

  #opinionsOn(rule: string) {
    let opinions = this.#opinions.get(rule);
    if (opinions === undefined) {
      opinions = this.#ruleSets.flatMap((ruleSet) => {
        const { rules, overrides } = ruleSet.spec;
        const base = rules !== undefined && Object.hasOwn(rules, rule) ? rules[rule] : ruleSet.taken.get(rule);
        return base !== undefined || overrides?.some((each) => each.rules?.includes(rule)) ? [{ ruleSet, base }] : [];
      });
      this.#opinions.set(rule, opinions);
    }
    return opinions;
  }
}

function levelIn(spec: RuleSetSpec, rule: string, base: Level | undefined, { environment, api }: RuleScope) {
  const override = spec.overrides?.findLast(
    ({ rules, environments, lifecycle, visibility }) =>
      (rules === undefined ? base !== undefined : rules.includes(rule)) &&
      (environments === undefined || (environment !== undefined && environments.includes(environment))) &&
      (lifecycle === undefined || (api !== undefined && lifecycle.includes(api.lifecycle))) &&
      (visibility === undefined || (api !== undefined && visibility.includes(api.visibility))),
  );
  return override?.severity ?? base;
}

/**
 * Whether a rule stands whatever RuleSets say: nothing can be compiled from what it finds, or it would not be safe.
 * An error of Gitway's own is, unless the rule says that it is a matter of judgement.
 */
export function isFixed(rule: string): boolean {
  const known = ruleOf(rule);
  return known !== undefined && known.severity === 'error' && known.adjustable !== true;
}
