import type { Finding } from '@gitway/contracts';
import { locationOf, type EnvironmentResource, type Kind } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { hasLabels } from '../environment/fill-in.ts';
import { finding } from '../findings.ts';
import type { ResourceIndex } from '../resource-index.ts';
import { referencesIn } from './references.ts';

/** Whether a selector chooses any API. */
export const selects = (index: ResourceIndex, labels: Readonly<Record<string, string>> | undefined) =>
  labels !== undefined && index.some('Api', ({ resource }) => hasLabels(resource, labels));

/** Whether some environment changes one of the fields by a patch: what is chosen there cannot be told from the resource alone. */
export const patched = (index: ResourceIndex, kind: Kind, ...fields: string[]) =>
  index.some('Environment', ({ resource }) =>
    ((resource.value.spec as EnvironmentResource['spec']).patches ?? []).some(
      ({ target, merge }) => target.kind === kind && fields.some((field) => Object.hasOwn(merge.spec, field)),
    ),
  );

export function told(rule: string, { resource }: Located, what: string, hint: string): Finding {
  const message = `${resource.kind} \`${resource.name}\` ${what}.`;
  return finding(rule, 'warning', locationOf(resource, ['metadata', 'name']), message, hint);
}

/** The names by which resources of some kinds refer to resources of another. */
export const named = (index: ResourceIndex, kind: Kind, from: readonly Kind[]) => {
  const names = new Set<string>();
  for (const reference of referencesIn(index)) {
    if (reference.kind === kind && from.includes(reference.from.resource.kind)) names.add(reference.name);
  }
  return names;
};
