import type { Finding, Location } from '@gitway/contracts';
import type { ApiResource, Path, PolicyFields } from '@gitway/resources';
import type { EnvironmentContext, NamedPolicy } from '../context.ts';
import { hasLabels, type FilledIn } from '../fill-in.ts';
import { authoredForms } from './merge-layers.ts';

export interface Layer {
  readonly id: string;
  /** Name of the Policy; the API's own has none. */
  readonly name: string | null;
  readonly policy: PolicyFields;
  readonly filled: FilledIn;
  /** Where its fields begin: `spec` of a Policy, `spec.policy` of an Api. */
  readonly prefix: Path;
}

/** Defaults, then selector matches, each by priority and name; then direct references in order; then the API's own. */
export function policyLayers(filled: FilledIn, context: EnvironmentContext, findings: Finding[]): Layer[] {
  const spec = filled.spec as ApiResource['spec'];
  const layers: Layer[] = context.defaultPolicies.map(asLayer);
  for (const policy of context.selectingPolicies) {
    if (hasLabels(filled.resource, policy.labels)) layers.push(asLayer(policy));
  }
  (spec.policies ?? []).forEach((name, index) => {
    const policy = context.policies.get(name);
    const place = () => filled.placeOf(['spec', 'policies', index]);
    const unknown = policy === undefined ? context.index.unknownReference('Policy', name, place) : undefined;
    if (policy !== undefined) layers.push(asLayer(policy));
    else if (unknown !== undefined) findings.push(unknown);
  });
  if (spec.policy !== undefined) {
    layers.push({ id: filled.id, name: null, policy: spec.policy, filled, prefix: ['spec', 'policy'] });
  }
  return layers;
}

const asLayer = ({ id, name, policy, filled }: NamedPolicy): Layer => ({ id, name, policy, filled, prefix: ['spec'] });

/** The layer that a group of the effective policy comes from, and the form that it is written in there. */
export function originOf(layers: readonly Layer[], group: string): { layer: Layer; form: string } | undefined {
  const forms = authoredForms(group);
  for (const layer of layers.toReversed()) {
    const form = forms.find((name) => (layer.policy as Record<string, unknown>)[name] !== undefined);
    if (form !== undefined) return { layer, form };
  }
  return undefined;
}

/** Where somebody wrote what a field of the effective policy says; `path` is as authored, group first. */
export function placeOfPolicy(layers: readonly Layer[], api: FilledIn, path: Path): Location {
  const [group, ...inner] = path;
  if (group === undefined) return api.placeOf(['spec', 'policy'], 'key');
  const origin = originOf(layers, String(group));
  if (origin === undefined) return api.placeOf(['spec', 'policy', ...path]);
  const { layer, form } = origin;
  const within = form.endsWith('s') || !['rateLimits', 'quotas'].includes(String(group)) ? inner : inner.slice(1);
  return layer.filled.placeOf([...layer.prefix, form, ...within]);
}
