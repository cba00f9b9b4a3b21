import {
  checkValue,
  findingOf,
  hasVariable,
  kindSchemas,
  suggestionHint,
  variablePattern,
  type Issue,
  type Path,
  type Patch,
  type Resource,
} from '@gitway/resources';
import type { Finding, Location } from '@gitway/contracts';
import { locationOf } from '@gitway/resources';
import type { Located } from '../collect-files.ts';
import { finding } from '../findings.ts';

/** A resource as one environment sees it: patched, its variables filled in, and checked again. */
export interface FilledIn {
  /** Equal ids are equal content at equal places. */
  readonly id: string;
  readonly resource: Resource;
  /** The resource's `spec`; null when what came out is not valid, with findings that say why. */
  readonly spec: Record<string, unknown> | null;
  readonly findings: readonly Finding[];
  /** Where a field comes from: the resource's own file, or the patch that set it. */
  readonly placeOf: (path: Path, part?: 'key' | 'value') => Location;
}

export interface FillingIn {
  readonly environment: Located;
  /** Names the variables and patches, and where they stand. */
  readonly id: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly patches: readonly { readonly patch: Patch; readonly index: number }[];
}

export function fillIn({ id, resource }: Located, filling: FillingIn): FilledIn {
  const patches = filling.patches.filter(({ patch }) => targets(patch, resource));
  const ownPlace = (path: Path, part?: 'key' | 'value') => locationOf(resource, path, part);
  if (patches.length === 0 && !holdsVariable(resource.value.spec)) {
    return { id, resource, spec: resource.value.spec, findings: [], placeOf: ownPlace };
  }
  let spec: unknown = resource.value.spec;
  for (const { patch } of patches) spec = mergeInto(spec, patch.merge.spec);

  const placeOf = (path: Path, part?: 'key' | 'value'): Location => {
    const setting = patches.findLast(({ patch }) => sets(patch.merge, path));
    if (setting === undefined) return ownPlace(path, part);
    const { resource: environment } = filling.environment;
    const range = environment.file.rangeOf(
      environment.document,
      ['spec', 'patches', setting.index, 'merge', ...path],
      part,
    );
    return { ...ownPlace(path, part), file: environment.file.path, range };
  };
  const findings: Finding[] = [];
  const substituted = substitute(spec, ['spec'], filling.variables, (path, name) => {
    const hint = suggestionHint(name, Object.keys(filling.variables), 'Its variables are');
    const message = `Environment \`${filling.environment.resource.name}\` has no variable \`${name.slice(0, 80)}\`.`;
    findings.push(
      finding(
        'unknown-variable',
        'error',
        placeOf(path),
        message,
        hint ?? 'Declare it under `spec.variables` of the environment.',
      ),
    );
  });
  if (findings.length === 0) findings.push(...variableNames(substituted, ['spec'], placeOf));
  if (findings.length === 0) {
    const { kind } = resource;
    for (const issue of checkValue(kindSchemas[kind], { ...resource.value, spec: substituted }, kind)) {
      const patched = patches.some(({ patch }) => sets(patch.merge, issue.path));
      findings.push(explain(issue, resource, filling, placeOf, patched));
    }
  }
  const valid = findings.length === 0;
  return {
    id: `${id}@${filling.id}`,
    resource,
    spec: valid ? (substituted as Record<string, unknown>) : null,
    findings,
    placeOf,
  };
}

function explain(
  issue: Issue,
  resource: Resource,
  filling: FillingIn,
  placeOf: FilledIn['placeOf'],
  patched: boolean,
): Finding {
  const base = findingOf(issue, resource.file, resource.document, `${resource.kind}/${resource.name}`);
  const environment = filling.environment.resource.name;
  const because = patched ? `with the patches of environment \`${environment}\`` : `in environment \`${environment}\``;
  return {
    ...base,
    where: { ...base.where, ...placeOf(issue.path, issue.part) },
    message: `${base.message.replace(/\.$/, '')} (${because}).`,
  };
}

export function targets(patch: Patch, resource: Resource): boolean {
  const { kind, name, labels } = patch.target;
  if (kind !== resource.kind || (name !== undefined && name !== resource.name)) return false;
  return labels === undefined || hasLabels(resource, labels);
}

export function hasLabels(resource: Resource, wanted: Readonly<Record<string, string>>): boolean {
  const labels = resource.value.metadata.labels ?? {};
  return Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7396: mappings are merged, anything else replaced; null deletes. Never changes what it is given. */
function mergeInto(target: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const merged: Record<string, unknown> = isMapping(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergeInto(merged[key], value);
  }
  return merged;
}

/** Whether the patch says something about the field, or replaces a list or value around it. */
export function sets(merge: unknown, path: Path): boolean {
  let current: unknown = merge;
  for (const step of path) {
    if (!isMapping(current)) return true;
    if (!Object.hasOwn(current, step)) return false;
    current = current[step];
  }
  return true;
}

/** Whether a value or a name in it holds a variable: judged by what was read, whatever way the file writes it. */
export function holdsVariable(value: unknown): boolean {
  if (typeof value === 'string') return hasVariable(value);
  if (Array.isArray(value)) return value.some(holdsVariable);
  return isMapping(value) && Object.entries(value).some(([key, item]) => hasVariable(key) || holdsVariable(item));
}

/** Names are not filled in; one that holds a variable would pass as a name of any form. */
function variableNames(value: unknown, path: Path, placeOf: FilledIn['placeOf']): Finding[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => variableNames(item, [...path, index], placeOf));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const here = [...path, key];
    if (!hasVariable(key)) return variableNames(item, here, placeOf);
    const message = `\`${key.slice(0, 80)}\` is a name, and variables are filled in for values only.`;
    return [finding('unknown-variable', 'error', placeOf(here, 'key'), message, 'Write the name out.')];
  });
}

const MAX_STRING = 8_192;

function substitute(
  value: unknown,
  path: Path,
  variables: Readonly<Record<string, string>>,
  unknown: (path: Path, name: string) => void,
): unknown {
  if (typeof value === 'string') {
    if (!hasVariable(value)) return value;
    const filled = value.replaceAll(variablePattern, (_, name: string) => {
      if (Object.hasOwn(variables, name)) return variables[name]!;
      unknown(path, name);
      return '';
    });
    if (hasVariable(filled)) unknown(path, filled.slice(filled.indexOf('${') + 2));
    return filled.slice(0, MAX_STRING);
  }
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, [...path, index], variables, unknown));
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, [...path, key], variables, unknown)]),
  );
}
