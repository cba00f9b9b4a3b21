import type { JsonSchema, Kind } from '@gitway/resources';

/** A group of fields that stands in several places with one meaning. */
export interface SharedType {
  readonly name: string;
  readonly schema: JsonSchema;
  /** `Api spec.policy.rateLimit`: where it was seen, in the order of the kinds; within another shared type, that one's. */
  readonly uses: readonly { readonly owner: string; readonly path: string; readonly isKind: boolean }[];
  /** Kind and path of its first use, whole: what drivers say is told by it. */
  readonly first: { readonly kind: Kind; readonly path: string };
}

export class SharedTypes {
  private readonly byKey = new Map<string, SharedType>();

  constructor(schemas: ReadonlyMap<Kind, JsonSchema>) {
    const seen = new Map<string, { schema: JsonSchema; places: Place[] }>();
    for (const [kind, schema] of schemas) collect(schema, { kind, path: '', owner: kind, below: '' }, schema, seen);
    const shared = [...seen].filter(([, { places }]) => places.length > 1);
    const keys = new Set(shared.map(([key]) => key));
    const names = new Set<string>(schemas.keys());
    for (const [key, { schema, places }] of shared) {
      const [first] = places as [Place];
      const name = free(first.path, names);
      names.add(name);
      const uses = places.map(({ kind, path, owner, below }) =>
        keys.has(owner) ? { owner, path: below, isKind: false } : { owner: kind, path, isKind: true },
      );
      this.byKey.set(key, { name, schema, uses, first });
    }
  }

  get all(): SharedType[] {
    return [...this.byKey.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  of(schema: JsonSchema): SharedType | undefined {
    return isGroup(schema) ? this.byKey.get(keyOf(schema)) : undefined;
  }

  /** The name of the type or kind that a use stands in. */
  ownerName(owner: string): string {
    return this.byKey.get(owner)?.name ?? owner;
  }
}

interface Place {
  readonly kind: Kind;
  readonly path: string;
  /** Key of the group that it stands in when that group is itself seen several times, else of the kind. */
  readonly owner: string;
  /** Path within the owner. */
  readonly below: string;
}

/** Fewer fields than this are told where they stand. */
const isGroup = (schema: JsonSchema) => Object.keys(schema.properties ?? {}).length >= 2;

const keyOf = ({ description: _, default: __, title: ___, $id: ____, ...schema }: JsonSchema) => JSON.stringify(schema);

function collect(
  schema: JsonSchema,
  place: Place,
  root: JsonSchema,
  seen: Map<string, { schema: JsonSchema; places: Place[] }>,
): void {
  if (place.path.split('.').length > 20) return;
  let at = place;
  if (place.path !== '' && isGroup(schema)) {
    const key = keyOf(schema);
    const known = seen.get(key);
    if (known !== undefined) {
      known.places.push(place);
      return;
    }
    seen.set(key, { schema, places: [place] });
    at = { ...place, owner: key, below: '' };
  }
  for (const { step, schema: inner } of membersOf(schema, root)) {
    const join = (path: string) => (path === '' ? step.replace(/^\./, '') : path + step);
    collect(inner, { ...at, path: join(at.path), below: join(at.below) }, root, seen);
  }
}

/** What lies within a schema, with what a path says of it: `.field`, `[]`, `.<name>`, or nothing for a form of it. */
export function membersOf(schema: JsonSchema, root: JsonSchema): { step: string; schema: JsonSchema }[] {
  const resolved = resolve(schema, root);
  const { properties = {}, items, additionalProperties: rest, anyOf = [], oneOf = [], allOf = [] } = resolved;
  return [
    ...Object.entries(properties).map(([name, inner]) => ({ step: `.${name}`, schema: resolve(inner, root) })),
    ...[items ?? []].flat().map((inner) => ({ step: '[]', schema: resolve(inner, root) })),
    ...(typeof rest === 'object' ? [{ step: '.<name>', schema: resolve(rest, root) }] : []),
    ...[...anyOf, ...oneOf, ...allOf].map((inner) => ({ step: formOf(inner), schema: resolve(inner, root) })),
  ];
}

/** `{type: slack}` of a form that says by one field which it is. */
function formOf({ properties = {}, required = [] }: JsonSchema): string {
  const told = Object.entries(properties).find(
    ([name, { const: value }]) => value !== undefined && required.includes(name),
  );
  return told === undefined ? '' : `{${told[0]}: ${String(told[1].const)}}`;
}

/** The definition that a reference names; a circle ends where it began, with the reference. */
function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = /^#\/definitions\/(.+)$/.exec(schema.$ref ?? '')?.[1];
  const found = name === undefined ? undefined : root.definitions?.[name];
  return found === undefined ? schema : { ...found, ...(schema.description && { description: schema.description }) };
}

function free(path: string, taken: ReadonlySet<string>): string {
  const words = path
    .split('.')
    .map((step) => step.replaceAll(/\[\]|\{.*?\}|<.*?>/g, ''))
    .filter((step) => step !== '' && step !== 'spec');
  const title = (word: string) => word.replace(/^./, (letter) => letter.toUpperCase());
  const last = title(words.at(-1) ?? 'Type');
  const single = path.endsWith('[]') ? last.replace(/ies$/, 'y').replace(/s$/, '') : last;
  for (let count = 1; count <= words.length; count++) {
    const name = words.slice(-count, -1).map(title).join('') + single;
    if (!taken.has(name)) return name;
  }
  for (let number = 2; ; number++) if (!taken.has(`${single}${number}`)) return `${single}${number}`;
}
