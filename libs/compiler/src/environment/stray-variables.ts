import type { Finding } from '@gitway/contracts';
import { hasVariable, locationOf, type Path } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';
import type { ResourceIndex } from '../resource-index.ts';

/** Variables where nothing fills them in: they would stand for a value of any form, and mean none. */
export function strayVariables(index: ResourceIndex): Finding[] {
  return [
    // What a patch lays over a resource is filled in with that resource.
    ...index.all('Environment').flatMap((located) => straysUnder(located, ['spec'], ['patches'])),
    // Elsewhere a RuleSet holds CEL and plain words.
    ...index.all('RuleSet').flatMap((located) => straysUnder(located, ['spec', 'breaking', 'policies'], [])),
  ];
}

function straysUnder(located: Located, path: Path, but: readonly string[]): Finding[] {
  const value = path.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], {
    spec: located.resource.value.spec,
  });
  return Object.entries(value ?? {}).flatMap(([key, item]) =>
    but.includes(key) ? [] : straysIn(item, [...path, Array.isArray(value) ? Number(key) : key], located),
  );
}

function straysIn(value: unknown, path: Path, located: Located): Finding[] {
  if (typeof value === 'string') {
    if (!hasVariable(value)) return [];
    const { resource } = located;
    const message = `Variables are not filled in in a resource of kind ${resource.kind}.`;
    return [finding('unknown-variable', 'error', locationOf(resource, path), message, 'Write the value out.')];
  }
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, item]) => straysIn(item, [...path, key], located));
}
