import { parseDurationMs, type ApiUnit, type Severity } from '@gitway/contracts';
import type { AcceptedChange, BreakingAction, BreakingPolicy, BreakingRules } from '@gitway/resources';

/** What one rule's changes are, for one API in one environment. */
export interface Measure {
  readonly used: BreakingAction;
  readonly unused: BreakingAction;
  readonly unknown: BreakingAction;
  readonly usedWithinMs: number;
  readonly deprecatedForMs: number;
  /** Actions that were set for this very rule, and so are not softened by the rule's own grade. */
  readonly explicit: ReadonlySet<'used' | 'unused' | 'unknown'>;
}

const rank: Record<BreakingAction, number> = { ignore: 0, allow: 1, warn: 2, block: 3 };
const severities = { ignore: 'off', allow: 'info', warn: 'warning', block: 'error' } as const;
const grades: Record<Severity, BreakingAction> = { error: 'block', warning: 'warn', info: 'allow' };

export const graverOf = <T extends { readonly action: BreakingAction }>(a: T, b: T): T =>
  rank[b.action] > rank[a.action] ? b : a;
export const severityOfAction = (action: BreakingAction) => severities[action];

/** What a measure makes of a change. One whose rule is graded milder is no graver than that, unless its rule is named. */
export function actionOf(measure: Measure, standing: 'used' | 'unused' | 'unknown', grade: Severity): BreakingAction {
  const action = measure[standing];
  return measure.explicit.has(standing) || rank[action] <= rank[grades[grade]] ? action : grades[grade];
}

/** What holds where no RuleSet says otherwise, in the words of one. `docs/breaking.md` tells it. */
export const defaultBreakingPolicies: readonly BreakingPolicy[] = [
  { used: 'warn', unused: 'allow', unknown: 'warn', usedWithin: '7d', deprecatedFor: '30d' },
  { visibility: ['public', 'partner'], used: 'block', unused: 'warn' },
  { lifecycle: ['experimental', 'retired'], used: 'allow', unused: 'allow', unknown: 'allow' },
];

export interface Judged {
  readonly environment: string;
  /** As it is live: promises are kept by what was promised. */
  readonly api: Pick<ApiUnit, 'name' | 'lifecycle' | 'visibility'>;
}

/** One measure for each RuleSet that has policies; the defaults where none has. */
export function measuresOf(ruleSets: readonly BreakingRules[], judged: Judged, rule: string): Measure[] {
  const own = ruleSets.flatMap(({ policies }) => (policies === undefined ? [] : [policies]));
  return (own.length === 0 ? [[]] : own).map((policies) =>
    measureOf([...defaultBreakingPolicies, ...policies], judged, rule),
  );
}

function measureOf(policies: readonly BreakingPolicy[], { environment, api }: Judged, rule: string): Measure {
  const fitting = policies.filter(
    ({ environments, lifecycle, visibility, rules }) =>
      (environments === undefined || environments.includes(environment)) &&
      (lifecycle === undefined || lifecycle.includes(api.lifecycle)) &&
      (visibility === undefined || visibility.includes(api.visibility)) &&
      (rules === undefined || rules.includes(rule)),
  );
  const last = <K extends keyof BreakingPolicy>(field: K) => fitting.findLast((policy) => policy[field] !== undefined);
  const explicit = (['used', 'unused', 'unknown'] as const).filter((field) => last(field)?.rules !== undefined);
  const durationMs = (text: string | undefined) => parseDurationMs(text ?? '') ?? 0;
  return {
    used: last('used')?.used ?? 'warn',
    unused: last('unused')?.unused ?? 'warn',
    unknown: last('unknown')?.unknown ?? 'warn',
    usedWithinMs: durationMs(last('usedWithin')?.usedWithin),
    deprecatedForMs: durationMs(last('deprecatedFor')?.deprecatedFor),
    explicit: new Set(explicit),
  };
}

/** An operation as an acceptance may name it. */
export interface NamedOperation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

/**
 * The acceptance of a change, one that is still good before one that is over. A change that concerns several
 * operations is accepted when each of them is.
 */
export function acceptanceOf(
  ruleSets: readonly BreakingRules[],
  { environment, api }: Judged,
  rule: string,
  operations: readonly NamedOperation[],
  today: string | undefined,
): { readonly acceptance: AcceptedChange; readonly over: boolean } | undefined {
  const fitting = ruleSets
    .flatMap(({ accept = [] }) => accept)
    .filter(
      (each) =>
        each.api === api.name &&
        (each.environments === undefined || each.environments.includes(environment)) &&
        (each.rules === undefined || each.rules.includes(rule)),
    );
  const isOver = ({ until }: AcceptedChange) => today !== undefined && until < today;
  const find = (candidates: readonly AcceptedChange[]) => {
    const whole = candidates.find((each) => each.operations === undefined);
    if (whole !== undefined) return whole;
    if (operations.length === 0) return undefined;
    const each = operations.map((operation) => candidates.find((candidate) => names(candidate, operation)));
    return each.every((found) => found !== undefined) ? each[0] : undefined;
  };
  const good = find(fitting.filter((each) => !isOver(each)));
  if (good !== undefined) return { acceptance: good, over: false };
  const old = find(fitting.filter(isOver));
  return old === undefined ? undefined : { acceptance: old, over: true };
}

function names({ operations }: AcceptedChange, { id, method, path }: NamedOperation): boolean {
  return (
    operations?.some(
      (name) => name === id || name.replace(/^\S+/, (word) => word.toUpperCase()) === `${method} ${path}`,
    ) === true
  );
}
