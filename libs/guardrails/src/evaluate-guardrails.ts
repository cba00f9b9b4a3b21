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
  const run = evaluation(guardrails, units, scope);
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
  }
}

/** Between two pauses: some hundredths of a second, or one evaluation, which takes no more than `maxSteps`. */
const STEPS_BETWEEN_PAUSES = 100_000;

/** The same with pauses, so that whoever runs it has room for other work. */
export async function evaluateWithPauses(
  guardrails: readonly Guardrail[],
  units: Iterable<Unit>,
  scope: GuardrailScope,
  pause: () => Promise<void>,
): Promise<GuardrailVerdict[]> {
  const run = evaluation(guardrails, units, scope);
  let paused = 0;
  for (;;) {
    const next = run.next();
    if (next.done === true) return next.value;
    if (next.value - paused < STEPS_BETWEEN_PAUSES) continue;
    paused = next.value;
    await pause();
  }
}

/** Yields the steps taken so far after each evaluation. */
function* evaluation(
  guardrails: readonly Guardrail[],
  units: Iterable<Unit>,
  scope: GuardrailScope,
): Generator<number, GuardrailVerdict[]> {
  const subjects = subjectsOf(units);
  const shared = sharedValues(subjects, scope);
  const budget = new Budget(scope.maxTotalSteps);
  const verdicts: GuardrailVerdict[] = [];
  for (const guardrail of guardrails) {
    const { appliesTo } = guardrail;
    if (appliesTo.environments !== undefined && !appliesTo.environments.includes(scope.environment)) continue;
    const kept = looksAtItsUnitOnly(guardrail) ? keptOf(guardrail) : undefined;
    for (const subject of subjects[appliesTo.kind]) {
      if (!applies(guardrail, subject)) continue;
      const severity = scope.severityOf?.(guardrail, subject) ?? guardrail.severity;
      if (severity === 'off') continue;
      const known = kept?.get(subject);
      let found = known?.finding;
      if (found === undefined || known === undefined || !budget.payAgain(known.steps)) {
        const before = budget.total;
        const context = { ...shared, [variableOf(appliesTo.kind)]: valueOf(appliesTo.kind, subject) };
        found = judge(guardrail, subject, context, budget);
        // A verdict that was cut short says nothing about the next time.
        if (budget.spent === undefined) kept?.set(subject, { finding: found, steps: budget.total - before });
        yield budget.total;
      }
      if (found !== null) verdicts.push({ guardrail, subject, finding: { ...found, severity } });
    }
  }
  return verdicts;
}

/** What looks at nothing but its own unit says the same of the same unit again. */
function looksAtItsUnitOnly({ compiled, text }: Guardrail): boolean {
  const isLocal = (uses: ReadonlySet<string>) => [...uses].every((name) => !(name in sharedVariables));
  return isLocal(compiled.uses) && text.every((part) => typeof part === 'string' || isLocal(part.uses));
}

interface KeptVerdict {
  readonly finding: Finding | null;
  /** What it cost, and costs again: what there is room for does not depend on what was known. */
  readonly steps: number;
}

const memory = new WeakMap<Guardrail, WeakMap<Subject, KeptVerdict>>();
function keptOf(guardrail: Guardrail): WeakMap<Subject, KeptVerdict> {
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
