import type { ApiUnit, Finding, Unit } from '@gitway/contracts';
import { evaluateWithPauses, type Guardrail, type Subject } from '@gitway/guardrails';
import { locationOf, type Path } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import type { Sources } from '../environment/sources.ts';
import type { CompileContext } from '../environment/context.ts';

/** What the rules in force say of one environment's units, each finding at the field that it is about. */
export async function judgeEnvironment(
  environment: Located,
  rules: readonly Guardrail[],
  units: Iterable<Unit>,
  sources: Pick<Sources, 'get'>,
  { verdicts, now, breathe }: Pick<CompileContext, 'verdicts' | 'now' | 'breathe'>,
): Promise<Finding[]> {
  if (rules.length === 0) return [];
  const name = environment.resource.name;
  const severityOf = ({ id, appliesTo }: Guardrail, unit: Subject) => {
    const scope = { environment: name, api: appliesTo.kind === 'Api' ? (unit as ApiUnit) : undefined };
    const enforced = verdicts.levels.of(id, 'off', scope);
    // What is on trial is told, and refuses nothing.
    return enforced === 'off' && verdicts.levels.onTrial(id, scope) !== 'off' ? 'info' : enforced;
  };
  const judged = await evaluateWithPauses(rules, units, { environment: name, now, severityOf }, breathe);
  return judged.map(({ finding: found }) => ({ ...found, where: whereOf(found, environment, sources) }));
}

function whereOf({ where }: Finding, environment: Located, sources: Pick<Sources, 'get'>) {
  const [kind, name] = where.object!.split('/') as [string, string];
  if (kind === 'Environment') return locationOf(environment.resource, environmentField(where.field));
  return sources.get(`${kind.toLowerCase()} ${name}`)?.placeOf(where.field ?? 'name') ?? where;
}

function environmentField(field: string | undefined): Path {
  if (field === undefined) return ['metadata', 'name'];
  return ['spec', ...field.replace(/Ms$/, '').split('.')];
}
