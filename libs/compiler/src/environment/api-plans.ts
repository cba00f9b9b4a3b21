import type { Finding, Operation } from '@gitway/contracts';
import { suggest, type ApiResource } from '@gitway/resources';
import { compare, finding } from '../findings.ts';
import type { EnvironmentContext } from './context.ts';
import { hasLabels, type FilledIn } from './fill-in.ts';

/** Plans that open an API: those that it names, and those that name or select it. `open`: it asks for no credential. */
export function plansOf(
  spec: ApiResource['spec'],
  filled: FilledIn,
  context: EnvironmentContext,
  findings: Finding[],
  open: boolean,
): string[] {
  const plans = new Set<string>();
  (spec.plans ?? []).forEach((name, index) => {
    const unknown = context.index.unknownReference('Plan', name, () => filled.placeOf(['spec', 'plans', index]));
    if (unknown === undefined) plans.add(name);
    else findings.push(unknown);
  });
  if (open) {
    // A plan that selects an open API has nothing to open; one that the API names is a contradiction.
    if (plans.size === 0) return [];
    const message = 'Plans choose who may call this API, but it lets everybody in without a key.';
    const hint = 'Ask for a key (`auth: { anyOf: [apiKey] }`), or take the plans out.';
    findings.push(
      finding('plans-without-authentication', 'error', filled.placeOf(['spec', 'plans'], 'key'), message, hint),
    );
    return [];
  }
  for (const plan of context.openingPlans) {
    if (plan.names.has(filled.resource.name) || (plan.labels !== undefined && hasLabels(filled.resource, plan.labels)))
      plans.add(plan.name);
  }
  return [...plans].sort(compare);
}

/** For those of its plans that open only some of its operations, which. */
export function opensBy(
  plans: readonly string[],
  api: FilledIn,
  operations: readonly Operation[],
  { openingPlans }: EnvironmentContext,
  findings: Finding[],
): Record<string, string[]> {
  const opened: Record<string, string[]> = {};
  const { name } = api.resource;
  for (const plan of openingPlans) {
    if (!plans.includes(plan.name) || !Object.hasOwn(plan.operations, name)) continue;
    const ids = plan.operations[name]!;
    ids.forEach((id, index) => {
      if (operations.some((operation) => operation.id === id)) return;
      const near = suggest(
        id,
        operations.map((operation) => operation.id),
      );
      const where = plan.filled.placeOf(['spec', 'apis', 'operations', name, index]);
      const message = `API \`${name}\` has no operation \`${id.slice(0, 100)}\`.`;
      const hint = near === undefined ? 'Name an operationId of its document.' : `Did you mean \`${near}\`?`;
      findings.push(finding('unknown-operation', 'error', where, message, hint));
    });
    opened[plan.name] = [...ids].sort(compare);
  }
  return opened;
}
