import { locationOf, type Requirement } from '@gitway/resources';
import { hasLabels } from '../environment/fill-in.ts';
import type { CompiledApi } from '../environment/compile-api.ts';
import { finding } from '../findings.ts';
import type { DocumentFinding } from '../verdicts/suppressions.ts';
import type { ApiCheck } from './check.ts';
import { holdsIn } from './settings.ts';

/** An API of a class lacks what a RuleSet demands of that class. */
export const missingPolicy: ApiCheck = {
  needsPolicies: true,
  run(api, environment, { requirements }) {
    return requirements.flatMap(({ rule, ruleSet, path, trial }): DocumentFinding[] => {
      const demanded = rule.severity ?? 'error';
      const severity = trial && demanded !== 'off' ? 'info' : demanded;
      if (severity === 'off' || !holdsIn(rule, environment) || !isOfClass(api, rule)) return [];
      const policies = (rule.policies ?? []).filter((name) => !api.layers.some((layer) => layer.name === name));
      const fields = (rule.fields ?? []).filter((field) => !sets(api, field));
      const lacks = [
        ...policies.map((name) => `policy \`${name}\``),
        ...fields.map((field) => (field === 'auth' ? '`auth` that lets not everybody in' : `\`${field}\``)),
      ];
      if (lacks.length === 0) return [];
      const asked = `RuleSet \`${ruleSet.resource.name}\``;
      const { name } = api.unit;
      return [
        {
          ...finding(
            'missing-policy',
            severity,
            api.filled.placeOf(policies.length > 0 ? ['spec', 'policies'] : ['spec', 'policy'], 'key'),
            `API \`${name}\` lacks ${lacks.join(' and ')}, which ${asked}${trial ? ', on trial,' : ''} demands of ${classOf(rule)}.`,
            policies.length > 0
              ? `Add ${policies.map((each) => `\`${each}\``).join(', ')} to \`spec.policies\`.`
              : `Set it under \`spec.policy\`, or attach a policy that does.`,
          ),
          related: [{ where: locationOf(ruleSet.resource, path), message: 'It is demanded here.' }],
          ...(trial && demanded !== 'off' ? { onTrial: demanded } : {}),
        },
      ];
    });
  },
};

function isOfClass({ unit, filled }: CompiledApi, { visibility, lifecycle, labels }: Requirement): boolean {
  return (
    (visibility === undefined || visibility.includes(unit.visibility)) &&
    (lifecycle === undefined || lifecycle.includes(unit.lifecycle)) &&
    (labels === undefined || hasLabels(filled.resource, labels))
  );
}

/** Different ways to say one thing. */
const forms: readonly (readonly string[])[] = [
  ['rateLimit', 'rateLimits'],
  ['quota', 'quotas'],
];

type Field = NonNullable<Requirement['fields']>[number];

/** The last layer that speaks of a field decides; one that takes it away (`null`) leaves nothing set. */
function sets({ unit, layers }: CompiledApi, field: Field): boolean {
  if (field === 'auth' && unit.policy.auth.kind === 'none') return false;
  const names = forms.find((each) => each.includes(field)) ?? [field];
  const said = layers
    .flatMap(({ policy }) => names.map((name) => (policy as Readonly<Record<string, unknown>>)[name]))
    .filter((value) => value !== undefined);
  return said.length > 0 && said.at(-1) !== null;
}

function classOf({ visibility, lifecycle, labels }: Requirement): string {
  const words = [...(visibility ?? []), ...(lifecycle ?? [])].join(', ');
  const with_ = Object.entries(labels ?? {}).map(([key, value]) => `${key}: ${value}`);
  return `${words === '' ? 'all' : words} APIs${with_.length === 0 ? '' : ` with ${with_.join(', ')}`}`;
}
