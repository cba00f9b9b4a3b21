import type { ApiUnit, Finding, Unit } from '@gitway/contracts';
import { evaluateGuardrails, type Guardrail, type Subject } from '@gitway/guardrails';
import { locationOf, type Path } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { fieldOf } from '../environment/check-gateways.ts';
import type { FilledIn } from '../environment/fill-in.ts';
import type { Level, RuleInForce } from './compile-rule-sets.ts';

const gravity: Readonly<Record<Level, number>> = { off: 0, info: 1, warning: 2, error: 3 };

/** What the rules in force say of one environment's units, each finding at the field that it is about. */
export function judgeEnvironment(
  environment: Located,
  rules: readonly RuleInForce[],
  units: Iterable<Unit>,
  sources: ReadonlyMap<string, FilledIn>,
  now: Date | undefined,
): Finding[] {
  if (rules.length === 0) return [];
  const inForce = new Map<Guardrail, RuleInForce[]>();
  for (const rule of rules) inForce.set(rule.guardrail, [...(inForce.get(rule.guardrail) ?? []), rule]);
  const name = environment.resource.name;
  const severityOf = (guardrail: Guardrail, unit: Subject) =>
    inForce
      .get(guardrail)!
      .map((rule) => levelOf(rule, name, unit))
      .reduce((a, b) => (gravity[b] > gravity[a] ? b : a));
  const findings = evaluateGuardrails([...inForce.keys()], units, { environment: name, now, severityOf });
  return findings.map((found) => ({ ...found, where: whereOf(found, environment, sources) }));
}

/** Where several RuleSets have a rule, the gravest counts; within one, the last override that fits. */
function levelOf({ guardrail, level, ruleSet }: RuleInForce, environment: string, unit: Subject): Level {
  const api = guardrail.appliesTo.kind === 'Api' ? (unit as ApiUnit) : undefined;
  const override = ruleSet.overrides?.findLast(
    ({ rules, environments, lifecycle, visibility }) =>
      (rules === undefined || rules.includes(guardrail.id)) &&
      (environments === undefined || environments.includes(environment)) &&
      (lifecycle === undefined || (api !== undefined && lifecycle.includes(api.lifecycle))) &&
      (visibility === undefined || (api !== undefined && visibility.includes(api.visibility))),
  );
  return override?.severity ?? level;
}

function whereOf({ where }: Finding, environment: Located, sources: ReadonlyMap<string, FilledIn>) {
  const [kind, name] = where.object!.split('/') as [string, string];
  if (kind === 'Environment') return locationOf(environment.resource, environmentField(where.field));
  const path = where.field === undefined ? ['metadata', 'name'] : fieldOf(where.field);
  return sources.get(`${kind.toLowerCase()} ${name}`)?.placeOf(path) ?? where;
}

function environmentField(field: string | undefined): Path {
  if (field === undefined) return ['metadata', 'name'];
  return ['spec', ...field.replace(/Ms$/, '').split('.')];
}
