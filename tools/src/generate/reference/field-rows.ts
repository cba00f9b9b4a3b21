import { defaultTold, type JsonSchema, type Kind } from '@gitway/resources';
import { notActedOn } from './acted-on.ts';
import { honouredBy } from './honoured.ts';
import { membersOf, type SharedTypes } from './shared-types.ts';

export interface FieldRow {
  readonly path: string;
  readonly type: string;
  readonly required: boolean;
  readonly fallback: string;
  readonly limits: string;
  readonly about: string;
  readonly honoured: string;
}

interface Scope {
  readonly root: JsonSchema;
  readonly types: SharedTypes;
  readonly kind: Kind;
  /** Path of what is described, whole, so that drivers can be asked. */
  readonly base: string;
}

/** A row for each field below a schema; those of shared types are told on their own page. */
export function fieldRows(schema: JsonSchema, scope: Scope, prefix = ''): FieldRow[] {
  if (prefix.split('.').length > 20) return [];
  return membersOf(schema, scope.root).flatMap(({ step, schema: inner }) => {
    const path = prefix === '' ? step.replace(/^\./, '') : prefix + step;
    const isField = step.startsWith('.');
    const own = isField ? [rowOf(inner, path, schema, step.slice(1), scope)] : [];
    return scope.types.of(inner) === undefined ? [...own, ...fieldRows(inner, scope, path)] : own;
  });
}

function rowOf(schema: JsonSchema, path: string, parent: JsonSchema, name: string, scope: Scope): FieldRow {
  const about = schema.description ?? '';
  const fallback = defaultTold(about) ?? '';
  const whole = scope.base === '' ? path : `${scope.base}.${path}`;
  return {
    path,
    type: typeText(schema, scope),
    required: (parent.required ?? []).includes(name),
    fallback,
    limits: limitsText(schema),
    about: [fallback === '' ? about : withoutFallback(about), notActedOn(scope.kind, whole)]
      .filter((text) => text !== undefined && text !== '')
      .join(' '),
    honoured: honouredBy(scope.kind, whole),
  };
}

/** The sentence without what has a column of its own. */
const withoutFallback = (about: string) =>
  about.replace(/(?:^|[;,.] )(?:\[[^\]]*\]|[^;,.]+(?:\.\d+)?) when not given(?=[.;,]|$)/, '').replace(/^\.$/, '');

function typeText(schema: JsonSchema, scope: Scope): string {
  const shared = scope.types.of(schema);
  if (shared !== undefined) return `[${shared.name}](types.md#${shared.name.toLowerCase()})`;
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (forms.length > 0) return [...new Set(forms.map((form) => typeText(form, scope)))].join(' or ');
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const).replaceAll(`"`, ``)}\``;
  if (schema.items !== undefined)
    return `list of ${[schema.items]
      .flat()
      .map((item) => typeText(item, scope))
      .join(', ')}`;
  if (schema.allOf !== undefined) return schema.allOf.map((each) => typeText(each, scope)).join(' and ');
  if (schema.properties !== undefined) return 'mapping';
  if (typeof schema.additionalProperties === 'object') {
    const inner = typeText(schema.additionalProperties, scope);
    return inner === 'anything' ? 'mapping of names' : `mapping of names to ${inner}`;
  }
  if (schema.$ref !== undefined) return 'as above';
  if (schema.patternErrorMessage?.startsWith('must be a duration') === true) return 'duration';
  const words: Record<string, string> = { integer: 'whole number', boolean: '`true`, `false`', object: 'mapping' };
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return words[type] ?? type;
}

function limitsText(schema: JsonSchema): string {
  const { minimum: min, maximum: max, minLength, maxLength, minItems, maxItems } = schema;
  const several = (one: number | undefined, most: number | undefined, what: string, least: number) => {
    if (most === undefined) return one === undefined || one <= least ? [] : [`at least ${one} ${what}`];
    if (one === undefined || one <= least) return [`at most ${most} ${what}`];
    return [one === most ? `${one} ${what}` : `${one} to ${most} ${what}`];
  };
  const items = [schema.items ?? []].flat();
  return [
    ...several(minItems, maxItems, maxItems === 1 ? 'entry' : 'entries', 0),
    ...several(minLength, maxLength, 'characters', 1),
    ...(min !== undefined && max !== undefined ? [`${min} to ${max}`] : []),
    ...(min !== undefined && max === undefined ? [`at least ${min}`] : []),
    ...(min === undefined && max !== undefined ? [`at most ${max}`] : []),
    ...(schema.exclusiveMinimum === undefined ? [] : [`more than ${schema.exclusiveMinimum}`]),
    ...(schema.patternErrorMessage === undefined ? [] : [schema.patternErrorMessage]),
    ...(items.length === 1 && items[0]!.properties === undefined && items[0]!.enum === undefined
      ? [limitsText(items[0]!)].filter((text) => text !== '').map((text) => `each: ${text}`)
      : []),
  ].join('; ');
}
