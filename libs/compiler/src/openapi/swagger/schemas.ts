import { type Conversion, isMapping, type Node, referenceOf } from './conversion.ts';

/** Keywords that Swagger 2.0 writes beside the name of a parameter or a header, and OpenAPI 3 into its schema. */
const schemaKeywords = new Set(
  (
    'type format items default maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems ' +
    'minItems uniqueItems enum multipleOf x-nullable'
  ).split(' '),
);

/** A Schema Object, or the Items Object of a parameter. */
export function convertSchema(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  return to.once('schema', at, () => {
    if (referenceOf(at.value) !== undefined) return to.reference(at, 'schema');
    return to.make(at, membersOf(to, at, at.entries()));
  });
}

/** The schema of a parameter or a header, and what does not belong to it. */
export function splitSchema(to: Conversion, at: Node): { schema: unknown; rest: [string, Node][] } {
  const entries = at.entries();
  const own = entries.filter(([key]) => schemaKeywords.has(key));
  return {
    schema: to.make(at, membersOf(to, at, own)),
    rest: entries.filter(([key]) => !schemaKeywords.has(key)),
  };
}

function* membersOf(to: Conversion, at: Node, entries: [string, Node][]): Iterable<[string, unknown]> {
  const { type, format, 'x-nullable': nullable } = at.value as Record<string, unknown>;
  const isNullable = nullable === true;
  for (const [key, member] of entries) {
    const { value } = member;
    if (key === 'properties' && isMapping(value)) {
      const properties = member.entries().map(([name, each]): [string, unknown] => [name, convertSchema(to, each)]);
      yield [key, to.make(member, properties)];
    } else if (['items', 'additionalProperties', 'not'].includes(key) && isMapping(value)) {
      yield [key, convertSchema(to, member)];
    } else if (['allOf', 'anyOf', 'oneOf'].includes(key) && Array.isArray(value)) {
      yield [key, member.items().map((each) => convertSchema(to, each))];
    } else if (key === 'discriminator' && typeof value === 'string') {
      yield [key, to.make(member, [['propertyName', value]])];
    } else if (key === 'x-nullable' && value === true && typeof type === 'string') yield ['nullable', true];
    else if (key === 'x-nullable' && value === true) {
      // Without a type a schema takes null already, unless something else says which values it takes.
      const narrow = ['allOf', 'anyOf', 'oneOf'].find((each) => Object.hasOwn(at.value as object, each));
      if (narrow !== undefined)
        to.note(
          member,
          `\`x-nullable\` beside \`${narrow}\` and no \`type\` cannot be said in OpenAPI 3.0; null is taken for no value.`,
        );
    } else if (key === 'enum' && Array.isArray(value) && isNullable && typeof type !== 'string') {
      yield [key, value.includes(null) ? value : [...(value as unknown[]), null]];
    } else if (key === 'type' && value === 'file') {
      yield [key, 'string'];
      if (format === undefined) yield ['format', 'binary'];
    } else if (key === 'collectionFormat') yield ['x-collectionFormat', value];
    else yield [key, to.plain(member)];
  }
}
