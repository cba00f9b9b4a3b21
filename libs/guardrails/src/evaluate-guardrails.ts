import type {
  ApiUnit,
  ConsumerEntry,
  EnvironmentUnit,
  Finding,
  GatewayUnit,
  PlanUnit,
  Severity,
  Unit,
} from '@gitway/contracts';
import type { Guardrail } from './guardrail.ts';
import { Budget, within } from './language/bound.ts';
import { explainError } from './language/explain.ts';
import { sharedVariables, variableOf, type GuardrailKind } from './language/types.ts';
import { valueOf } from './language/values.ts';
import { fillMessage } from './message.ts';

export interface GuardrailScope {
  /** Name of the environment whose units these are. */
  readonly environment: string;
  /** What `now` is; a rule that uses it cannot be evaluated without. */
  readonly now?: Date | undefined;
  /** What a rule is for one unit; the rule's own severity when not given. */
  readonly severityOf?: (guardrail: Guardrail, unit: Subject) => Severity | 'off';
  /** Steps that all rules may take together; `guardrailLimits.maxTotalSteps` when not given. */
  readonly maxTotalSteps?: number;
}

/** What one evaluation is about: a unit, or one consumer of a shard. */
export type Subject = ApiUnit | PlanUnit | ConsumerEntry | GatewayUnit | EnvironmentUnit;

/**
 * What each rule has to say of each unit that it applies to, by rule, then by name. An expression that is false is a
 * finding of the rule; one that cannot be evaluated (an optional field that is not there, too many steps) is a finding
 * `guardrail-failed` of the rule's severity. The same input always gives the same findings.
 */
export function evaluateGuardrails(
  guardrails: readonly Guardrail[],
  units: Iterable<Unit>,
  scope: GuardrailScope,
): Finding[] {
  return evaluateEach(guardrails, units, scope).map(({ finding }) => finding);
}

/** One finding, with the rule and the unit that it comes from. */
export interface GuardrailVerdict {
  readonly guardrail: Guardrail;
  readonly subject: Subject;
  readonly finding: Finding;
}

/** The same, each finding with where it comes from: a rule that could not be evaluated does not tell by its finding. */
export function evaluateEach(
  guardrails: readonly Guardrail[],
  units: Iterable<Unit>,
  scope: GuardrailScope,
): GuardrailVerdict[] {
  const subjects = subjectsOf(units);
  const shared = sharedValues(subjects, scope);
  const budget = new Budget(scope.maxTotalSteps);
  const verdicts: GuardrailVerdict[] = [];
  for (const guardrail of guardrails) {
    const { appliesTo, compiled } = guardrail;
    if (appliesTo.environments !== undefined && !appliesTo.environments.includes(scope.environment)) continue;
    // What looks at nothing but its own unit has said the same of the same unit before.
    const local = compiled.uses.size === 0 || [...compiled.uses].every((name) => !(name in sharedVariables));
    const wordsLocal = guardrail.text.every(
      (part) => typeof part === 'string' || [...part.uses].every((name) => !(name in sharedVariables)),
    );
    const kept = local && wordsLocal ? keptOf(guardrail) : undefined;
    for (const subject of subjects[appliesTo.kind]) {
      if (!applies(guardrail, subject)) continue;
      const severity = scope.severityOf?.(guardrail, subject) ?? guardrail.severity;
      if (severity === 'off') continue;
      let found = kept?.get(subject);
      if (found === undefined) {
        const context = { ...shared, [variableOf(appliesTo.kind)]: valueOf(appliesTo.kind, subject) };
        found = judge(guardrail, subject, context, budget);
        // A verdict that was cut short says nothing about the next time.
        if (budget.spent === undefined) kept?.set(subject, found);
      }
      if (found !== null) verdicts.push({ guardrail, subject, finding: { ...found, severity } });
    }
  }
  return verdicts;
}

const memory = new WeakMap<Guardrail, WeakMap<Subject, Finding | null>>();
function keptOf(guardrail: Guardrail): WeakMap<Subject, Finding | null> {
  let kept = memory.get(guardrail);
  if (kept === undefined) memory.set(guardrail, (kept = new WeakMap()));
  return kept;
}

function judge(
  guardrail: Guardrail,
  subject: Subject,
  context: Readonly<Record<string, unknown>>,
  budget: Budget,
): Finding | null {
  const { id, severity, appliesTo, field, hint } = guardrail;
  const where = { object: `${appliesTo.kind}/${subject.name}`, ...(field === undefined ? {} : { field }) };
  try {
    if (context['now'] === undefined && guardrail.compiled.uses.has('now'))
      throw new Error('it uses `now`, and no time was given');
    const holds = within(budget, () => guardrail.compiled.evaluate(context));
    if (budget.spent !== undefined) throw budget.spent;
    if (holds === true) return null;
    const message = within(budget, () => fillMessage(guardrail.text, context));
    if (budget.spent !== undefined) throw budget.spent;
    return { rule: id, severity, where, message, ...(hint === undefined ? {} : { hint }) };
  } catch (error) {
    const reason =
      budget.spent?.message ?? explainError(error, guardrail.expression, undefined, appliesTo.kind).message;
    const message = `Guardrail \`${id}\` could not be evaluated: ${reason.replace(/\.$/, '')}.`;
    const advice =
      budget.spent === undefined
        ? 'Ask with `has(…)` or `size(…)` before taking what may not be there.'
        : 'Make it simpler, or let it look at fewer units.';
    return { rule: 'guardrail-failed', severity, where, message, hint: advice };
  }
}

function applies({ appliesTo }: Guardrail, subject: Subject): boolean {
  if (appliesTo.kind !== 'Api') return true;
  const { lifecycle, visibility, labels } = subject as ApiUnit;
  if (appliesTo.lifecycle !== undefined && !appliesTo.lifecycle.includes(lifecycle)) return false;
  if (appliesTo.visibility !== undefined && !appliesTo.visibility.includes(visibility)) return false;
  return Object.entries(appliesTo.labels ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

type Subjects = Readonly<Record<GuardrailKind, Subject[]>>;

function subjectsOf(units: Iterable<Unit>): Subjects {
  const subjects: Subjects = { Api: [], Plan: [], Consumer: [], Gateway: [], Environment: [] };
  for (const unit of units) {
    if (unit.kind === 'api') subjects.Api.push(unit);
    else if (unit.kind === 'plan') subjects.Plan.push(unit);
    else if (unit.kind === 'gateway') subjects.Gateway.push(unit);
    else if (unit.kind === 'environment') subjects.Environment.push(unit);
    else if (unit.kind === 'consumers') subjects.Consumer.push(...unit.consumers);
  }
  for (const list of Object.values(subjects)) list.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return subjects;
}

function sharedValues(subjects: Subjects, { now }: GuardrailScope): Record<string, unknown> {
  const values = (kind: GuardrailKind) => subjects[kind].map((subject) => valueOf(kind, subject));
  return {
    environment: values('Environment')[0],
    apis: values('Api'),
    plans: values('Plan'),
    consumers: values('Consumer'),
    gateways: values('Gateway'),
    now,
  };
}
