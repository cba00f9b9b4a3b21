import { type Conversion, isMapping, type Node, referenceOf } from './conversion.ts';
import { convertSchema, splitSchema } from './schemas.ts';

/** The responses of an operation that answers in these media types. */
export function convertResponses(to: Conversion, at: Node, produces: readonly string[]): unknown {
  if (!isMapping(at.value)) return at.value;
  const members = at.entries().map(([code, member]): [string, unknown] => {
    if (code.startsWith('x-') || !isMapping(member.value)) return [code, to.plain(member)];
    if (referenceOf(member.value) === undefined) return [code, convertResponse(to, member, produces)];
    // What is shared answers in the media types of the document; with others it is another response.
    const final = produces === to.produces ? undefined : to.final(member);
    return [code, final === undefined ? to.reference(member, 'response') : convertResponse(to, final, produces)];
  });
  return to.make(at, members);
}

export function convertResponse(to: Conversion, at: Node, produces: readonly string[]): unknown {
  if (!isMapping(at.value)) return at.value;
  if (referenceOf(at.value) !== undefined) return to.reference(at, 'response');
  return to.once(`response ${produces.join(' ')}`, at, () => {
    const schema = at.child('schema');
    const examples = at.child('examples');
    const rest = at.entries().filter(([key]) => !['schema', 'examples', 'headers'].includes(key));
    const headers = at.child('headers');
    return to.make(at, [
      ...rest.map(([key, member]) => [key, to.plain(member)] as const),
      ['headers', headers === undefined ? undefined : convertHeaders(to, headers)],
      [
        'content',
        schema === undefined && examples === undefined ? undefined : contentOf(to, at, schema, examples, produces),
      ],
    ]);
  });
}

function contentOf(
  to: Conversion,
  at: Node,
  schema: Node | undefined,
  examples: Node | undefined,
  produces: readonly string[],
): unknown {
  const given = new Map(examples?.entries() ?? []);
  const types = new Set([...(schema === undefined ? [] : produces), ...given.keys()]);
  return to.make(
    at,
    [...types].map((type) => {
      const example = given.get(type);
      const media = to.make(at, [
        ['schema', schema === undefined ? undefined : convertSchema(to, schema)],
        ['example', example === undefined ? undefined : to.plain(example)],
      ]);
      return [type, media] as const;
    }),
  );
}

function convertHeaders(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  const members = at.entries().map(([name, header]): [string, unknown] => {
    if (!isMapping(header.value)) return [name, header.value];
    const { schema, rest } = splitSchema(to, header);
    const kept = rest.filter(([key]) => key !== 'collectionFormat');
    const own = kept.map(([key, member]) => [key, to.plain(member)] as const);
    return [name, to.make(header, [...own, ['schema', schema]])];
  });
  return to.make(at, members);
}
