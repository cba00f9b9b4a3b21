import { objectMember, show, strings, textMember, type Json } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck, type SchemaPair } from '../../compare/schema-check.ts';

type Report = Parameters<SchemaCheck['check']>[1];

/**
 * By a discriminator callers tell the API which branch they send, and read which one they got. The vocabulary tells
 * its changes as information; those that callers meet are more here.
 */
export const discriminator: SchemaCheck = {
  ids: ['request-body', 'request-property', 'response-body', 'response-property'].flatMap((scope) => [
    `${scope}-discriminator-property-name-changed`,
    `${scope}-discriminator-mapping-changed`,
    ...(scope.startsWith('request')
      ? [`${scope}-discriminator-added`, `${scope}-discriminator-mapping-deleted`]
      : [`${scope}-discriminator-removed`, `${scope}-discriminator-mapping-added`]),
  ]),
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const before = objectMember(pair.base.value, 'discriminator');
    const after = objectMember(pair.revision.value, 'discriminator');
    const scope = `${scopeOf(pair)}-discriminator`;
    if (before !== undefined && after !== undefined) {
      compareNames(pair, before, after, report);
      compareMappings(pair, before, after, report);
    } else if (after !== undefined && isRequest(pair)) {
      const name = show(textMember(after, 'propertyName') ?? '');
      report({ id: `${scope}-added`, says: `is told apart by ${name} now`, at: ['discriminator'] });
    } else if (before !== undefined && !isRequest(pair)) {
      const name = show(textMember(before, 'propertyName') ?? '');
      report({ id: `${scope}-removed`, says: `is no longer told apart by ${name}`, at: ['discriminator'], gone: true });
    }
  },
};

function compareNames(pair: SchemaPair, before: Json, after: Json, report: Report): void {
  const was = textMember(before, 'propertyName') ?? '';
  const is = textMember(after, 'propertyName') ?? '';
  if (was === is) return;
  report({
    id: `${scopeOf(pair)}-discriminator-property-name-changed`,
    says: `is told apart by ${show(is)} where it was by ${show(was)}`,
    at: ['discriminator', 'propertyName'],
  });
}

function compareMappings(pair: SchemaPair, before: Json, after: Json, report: Report): void {
  const was = mappingOf(before);
  const is = mappingOf(after);
  const scope = `${scopeOf(pair)}-discriminator-mapping`;
  for (const [value, target] of was) {
    const now = is.get(value);
    const at = ['discriminator', 'mapping', value];
    if (now === undefined) {
      // A value that names its schema needs no entry.
      if (!isRequest(pair) || target === value) continue;
      report({
        id: `${scope}-deleted`,
        says: `no longer knows ${show(value)} as a kind`,
        about: show(value),
        at,
        gone: true,
      });
    } else if (now !== target) {
      report({
        id: `${scope}-changed`,
        says: `of kind ${show(value)} is ${show(now)} where it was ${show(target)}`,
        at,
      });
    }
  }
  if (isRequest(pair)) return;
  for (const [value, target] of is) {
    if (was.has(value) || target === value) continue;
    report({
      id: `${scope}-added`,
      says: `may now be of kind ${show(value)}, which callers do not know`,
      at: ['discriminator', 'mapping', value],
    });
  }
}

/** Values with the names of their schemas, which may be written as a name or as a reference. */
function mappingOf(schema: Json): Map<string, string> {
  const mapping = objectMember(schema, 'mapping') ?? {};
  return new Map(
    Object.keys(mapping).flatMap((value) => strings([mapping[value]]).map((to) => [value, to.split('/').at(-1) ?? to])),
  );
}
