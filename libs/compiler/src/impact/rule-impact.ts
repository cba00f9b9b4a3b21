import type { ApiUnit, Finding, Location, Unit } from '@gitway/contracts';
import { evaluateWithPauses, type Guardrail, type GuardrailKind, type Subject } from '@gitway/guardrails';
import { finding } from '../findings.ts';
import { BREAKING } from './rule-changes.ts';
import { gravity, type Level, type RuleScope } from '../verdicts/rule-levels.ts';

/** How grave rules are: as they are enforced, and as those RuleSets that are on trial would have them. */
export interface LevelsAsked {
  of(rule: string, usual: Level, scope: RuleScope): Level;
  onTrial(rule: string, scope: RuleScope): Level;
}

/** What one rule says of everything that an environment serves. */
export interface RuleImpact {
  readonly rule: string;
  readonly environment: string;
  /** As in `Api`. */
  readonly kind: string;
  /** How many of the kind there are, whether the rule chooses them or not. */
  readonly total: number;
  /** What it would refuse, by name; with what it says of each. */
  readonly rejects: readonly ImpactHit[];
  /** What it would warn of, or note. */
  readonly warns: readonly ImpactHit[];
  /** All that it would refuse, it would refuse only if its RuleSet were not on trial. */
  readonly trial: boolean;
  /** It is about what a change would meet that nobody has made yet: changes that break callers. */
  readonly nextChange?: boolean;
}

export interface ImpactHit {
  readonly name: string;
  readonly message: string;
  readonly trial: boolean;
}

interface JudgedAt {
  readonly environment: string;
  readonly now?: Date | undefined;
  /** Awaited now and then, to leave room for other work. */
  readonly breathe?: () => Promise<void>;
}

/** Judges what is served by rules, each for itself. Rules that say nothing of it are told with nothing. */
export async function ruleImpact(
  rules: readonly Guardrail[],
  levels: LevelsAsked,
  units: readonly Unit[],
  { environment, now, breathe = () => Promise.resolve() }: JudgedAt,
): Promise<RuleImpact[]> {
  const scopeOf = ({ appliesTo }: Guardrail, subject: Subject): RuleScope => ({
    environment,
    api: appliesTo.kind === 'Api' ? (subject as ApiUnit) : undefined,
  });
  const both = (guardrail: Guardrail, subject: Subject) => {
    const scope = scopeOf(guardrail, subject);
    return { enforced: levels.of(guardrail.id, 'off', scope), trial: levels.onTrial(guardrail.id, scope) };
  };
  const scope = {
    environment,
    now,
    severityOf: (guardrail: Guardrail, subject: Subject) => {
      const { enforced, trial } = both(guardrail, subject);
      return gravity[trial] > gravity[enforced] ? trial : enforced;
    },
  };
  const verdicts = await evaluateWithPauses(rules, units, scope, breathe);
  const hits = new Map<Guardrail, { rejects: ImpactHit[]; warns: ImpactHit[] }>();
  for (const { guardrail, subject, finding: found } of verdicts) {
    const { enforced } = both(guardrail, subject);
    const of = hits.get(guardrail) ?? { rejects: [], warns: [] };
    hits.set(guardrail, of);
    const trial = gravity[found.severity] > gravity[enforced];
    (found.severity === 'error' ? of.rejects : of.warns).push({ name: subject.name, message: found.message, trial });
  }
  const totals = totalsOf(units);
  return rules.map((guardrail) => {
    const { rejects, warns } = hits.get(guardrail) ?? { rejects: [], warns: [] };
    const { id, appliesTo } = guardrail;
    const trial = rejects.length > 0 && rejects.every((hit) => hit.trial);
    return { rule: id, environment, kind: appliesTo.kind, total: totals[appliesTo.kind], rejects, warns, trial };
  });
}

const NAMED = 5;
const words: Readonly<Record<string, readonly [string, string]>> = {
  Api: ['API', 'APIs'],
  Plan: ['plan', 'plans'],
  Consumer: ['consumer', 'consumers'],
  Gateway: ['gateway', 'gateways'],
  Environment: ['environment', 'environments'],
  Policy: ['policy', 'policies'],
};

/** `would reject 14 of 312 APIs`, and which: `a, b, c and 11 more`. */
export function impactWords({
  kind,
  total,
  rejects,
  warns,
  rule,
  nextChange,
}: Pick<RuleImpact, 'kind' | 'total' | 'rejects' | 'warns'> & Partial<RuleImpact>): readonly [
  said: string,
  list: string,
] {
  const [hits, verb] = rejects.length > 0 ? [rejects, 'reject'] : [warns, 'warn of'];
  const [one, many] = words[kind] ?? [kind.toLowerCase(), `${kind.toLowerCase()}s`];
  const of = `${hits.length} of ${total} ${total === 1 ? one : many}`;
  const what = rule === BREAKING ? 'a change that breaks callers' : 'such a change';
  return listed(
    nextChange === true ? `would ${verb} ${what} of ${of}` : `would ${verb} ${of}`,
    hits.map(({ name }) => name),
  );
}

export function listed(said: string, names: readonly string[]): readonly [said: string, list: string] {
  const rest = names.length - NAMED;
  return [said, names.slice(0, NAMED).join(', ') + (rest > 0 ? ` and ${rest} more` : '')];
}

/** What the author of a change of rules is told: one finding for each rule that would hit something that is live. */
export function impactFindings(
  impacts: readonly RuleImpact[],
  placeOf: (rule: string) => Location | undefined,
): Finding[] {
  const none = impacts.filter(({ rejects, warns }) => rejects.length + warns.length === 0);
  const found = impacts.flatMap((impact) => {
    const { rule, environment, kind, rejects, warns, trial } = impact;
    if (rejects.length === 0 && warns.length === 0) return [];
    const [said, list] = impactWords(impact);
    const message = `${subjectOf(impact)}${trial ? ', on trial,' : ''} ${said} that are live in ${environment}: ${list}.`;
    const hint =
      rejects.length === 0
        ? 'It refuses none of them.'
        : impact.nextChange === true
          ? 'Nothing is refused for it now. It goes by who calls these APIs today; what this commit breaks is judged by it already.'
          : trial
            ? 'Mend them before the rule is enforced (`mode: enforce`).'
            : 'Mend them, or put the RuleSet on trial first (`mode: trial`): a commit that leaves them as they are is refused.';
    const hits = rejects.length > 0 ? rejects : warns;
    const severity = rejects.length > 0 ? 'warning' : 'info';
    const related = hits
      .slice(0, NAMED)
      .map((hit) => ({ where: { object: `${kind}/${hit.name}` }, message: hit.message }));
    return [{ ...finding('rule-set-impact', severity, placeOf(rule) ?? {}, message, hint), related }];
  });
  return none.length === 0 ? found : [...found, untouched(none, placeOf)];
}

const subjectOf = ({ rule }: RuleImpact) => (rule === BREAKING ? 'The policy of breaking changes' : `Rule \`${rule}\``);

function untouched(impacts: readonly RuleImpact[], placeOf: (rule: string) => Location | undefined): Finding {
  const [{ rule, environment }] = impacts as [RuleImpact];
  const first = impacts.slice(0, NAMED).map((each) => `\`${each.rule}\``);
  const rest = impacts.length - first.length;
  const which = first.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  const message =
    impacts.length === 1
      ? `${subjectOf(impacts[0]!)} would hit nothing that is live in ${environment}.`
      : `${impacts.length} rules that are new or say something else would hit nothing that is live in ${environment}: ${which}.`;
  return finding('rule-set-impact', 'info', placeOf(rule) ?? {}, message, 'Nothing needs to be done.');
}

/** Where what is live cannot be looked at. */
export function impactUnknown(environment: string, why: string): Finding {
  const message = `What changed rules would hit in ${environment} is not known in full: ${why}.`;
  return finding(
    'rule-set-impact',
    'info',
    {},
    message,
    'Deploy the environment once more, then ask `gitway rules impact`.',
  );
}

export function totalsOf(units: Iterable<Unit>): Record<GuardrailKind, number> {
  const totals = { Api: 0, Plan: 0, Consumer: 0, Gateway: 0, Environment: 0 };
  for (const unit of units) {
    if (unit.kind === 'api') totals.Api++;
    else if (unit.kind === 'plan') totals.Plan++;
    else if (unit.kind === 'gateway') totals.Gateway++;
    else if (unit.kind === 'environment') totals.Environment++;
    else if (unit.kind === 'consumers') totals.Consumer += unit.consumers.length;
  }
  return totals;
}
