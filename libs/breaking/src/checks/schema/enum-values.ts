import { listMember, member, sameJson, show } from '../../document/json.ts';
import { concernsCaller, isProperty, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

export const enumValues: SchemaCheck = {
  ids: [
    'request-body-became-enum',
    'request-body-enum-value-removed',
    'request-property-became-enum',
    'request-property-enum-value-removed',
    'request-parameter-became-enum',
    'request-parameter-enum-value-removed',
    'response-property-enum-value-added',
    'response-header-enum-value-added',
  ],
  check(pair, report) {
    if (!concernsCaller(pair)) return;
    const base = listMember(pair.base.value, 'enum');
    const revision = listMember(pair.revision.value, 'enum');
    const scope = scopeOf(pair);
    if (isRequest(pair)) {
      if (pair.place === 'parameter-property') return;
      if (base.length === 0 && revision.length > 0) {
        report({
          id: `${scope}-became-enum`,
          says: `takes only ${revision.slice(0, 5).map(show).join(', ')}${revision.length > 5 ? ', …' : ''} where it took any value`,
          at: ['enum'],
        });
        return;
      }
      for (const value of missing(base, revision)) {
        report({
          id: `${scope}-enum-value-removed`,
          says:
            member(pair.revision.value, 'enum') === undefined
              ? `no longer lists ${show(value)} among its values`
              : `no longer takes the value ${show(value)}`,
          about: show(value),
          gone: true,
          at: ['enum'],
        });
      }
    } else if (isProperty(pair) || (pair.place === 'header' && base.length > 0)) {
      for (const value of missing(revision, base)) {
        report({
          id: `${scope}-enum-value-added`,
          says: `may now be ${show(value)}, which callers do not know`,
          about: show(value),
          at: ['enum'],
        });
      }
    }
  },
};

function missing(values: readonly unknown[], among: readonly unknown[]): unknown[] {
  const plain = new Set(among);
  const objects = among.filter((value) => typeof value === 'object');
  return values.filter((value) => !plain.has(value) && !objects.some((other) => sameJson(value, other)));
}
