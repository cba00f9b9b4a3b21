import type { OperationPolicyFields, PolicyFields } from '@gitway/resources';

type Fields = Readonly<Record<string, unknown>>;

/** One thing in two forms: who gives one of them replaces both. */
const twoForms: Readonly<Record<string, string>> = {
  rateLimit: 'rateLimits',
  rateLimits: 'rateLimit',
  quota: 'quotas',
  quotas: 'quota',
};

/** Merged field by field, since each field means something by itself. Every other group is taken whole. */
const mergedByField = new Set(['timeout', 'request', 'headers']);

/**
 * Lays policies over each other, the last one winning. A group is taken whole from the last layer that has it, since
 * half of one and half of another would mean what nobody wrote; `timeout`, `request` and `headers` are merged field by
 * field, and `operations` operation by operation in the same way. `null` takes away what was inherited.
 */
export function mergeLayers(layers: readonly PolicyFields[]): PolicyFields {
  return layers.reduce<Fields>(layOver, {});
}

function layOver(under: Fields, layer: Fields): Fields {
  const merged: Record<string, unknown> = { ...under };
  for (const [group, value] of Object.entries(layer)) {
    if (value === undefined) continue;
    const other = twoForms[group];
    if (other !== undefined) delete merged[other];
    if (value === null) delete merged[group];
    else if (group === 'operations') merged[group] = mergeOperations(merged[group], value as OperationsByName);
    else if (mergedByField.has(group)) merged[group] = mergeFields(merged[group], value as Fields);
    else merged[group] = value;
  }
  return merged;
}

type OperationsByName = Readonly<Record<string, OperationPolicyFields>>;

/** `null` of an operation stays: it takes away what the API has, and not only what a layer before said. */
function mergeOperations(under: unknown, layer: OperationsByName): OperationsByName {
  const merged: Record<string, OperationPolicyFields> = { ...(under as OperationsByName | undefined) };
  for (const [operation, fields] of Object.entries(layer)) {
    const before = (Object.hasOwn(merged, operation) ? merged[operation] : {}) as Fields;
    const next: Record<string, unknown> = { ...before };
    for (const [group, value] of Object.entries(fields)) {
      if (value === undefined) continue;
      const other = twoForms[group];
      if (other !== undefined) delete next[other];
      next[group] = mergedByField.has(group) && value !== null ? mergeFields(next[group], value as Fields) : value;
    }
    merged[operation] = next;
  }
  return merged;
}

/** Mappings are merged, lists and values replaced. */
export function mergeFields(under: unknown, over: Fields): Fields {
  if (!isMapping(under)) return over;
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    merged[key] = isMapping(value) ? mergeFields(merged[key], value) : value;
  }
  return merged;
}

const isMapping = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The group of policy that a field of an effective policy comes from, as it is authored: `rateLimits` → both forms. */
export function authoredForms(group: string): readonly string[] {
  if (group === 'rateLimits' || group === 'quotas') return [group, group.slice(0, -1)];
  return [group === 'timeouts' ? 'timeout' : group];
}
