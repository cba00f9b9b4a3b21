import { listMember, member, objectMember, sameJson, show, textMember } from '../../document/json.ts';
import { bodyScopes, concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

/** Keywords of OpenAPI 3.1 whose presence alone restricts: added they break requests, removed they break readers. */
const restricting = [
  ['contains', 'contains'],
  ['if', 'if'],
  ['then', 'then'],
  ['else', 'else'],
  ['propertyNames', 'property-names'],
  ['unevaluatedItems', 'unevaluated-items'],
  ['unevaluatedProperties', 'unevaluated-properties'],
  ['contentSchema', 'content-schema'],
] as const;

/** The same for each named member. */
const restrictingByName = [
  ['patternProperties', 'pattern-property'],
  ['dependentSchemas', 'dependent-schema'],
  ['dependentRequired', 'dependent-required'],
] as const;

const encodings = [
  ['contentEncoding', 'content-encoding-changed'],
  ['contentMediaType', 'content-media-type-changed'],
] as const;

export const jsonSchemaKeywords: SchemaCheck = {
  ids: bodyScopes.flatMap((scope) => {
    const word = scope.startsWith('request') ? 'added' : 'removed';
    return [
      ...restricting.map(([, name]) => `${scope}-${name}-${word}`),
      ...restrictingByName.map(([, name]) => `${scope}-${name}-${word}`),
      ...encodings.map(([, name]) => `${scope}-${name}`),
      `${scope}-dependent-required-changed`,
      `${scope}-prefix-items-${scope.startsWith('request') ? 'removed' : 'added'}`,
    ];
  }),
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const scope = scopeOf(pair);
    const base = pair.base.value;
    const revision = pair.revision.value;
    const [from, to, word] = isRequest(pair) ? [base, revision, 'added'] : [revision, base, 'removed'];
    const gone = !isRequest(pair);
    const says = (keyword: string) => (gone ? `is no longer held to its ${keyword}` : `is held to a new ${keyword}`);
    const restricts = (value: unknown) => value !== undefined && value !== true;
    for (const [keyword, name] of restricting) {
      if (!restricts(member(from, keyword)) && restricts(member(to, keyword))) {
        report({ id: `${scope}-${name}-${word}`, says: says(`\`${keyword}\``), at: [keyword], gone });
      }
    }
    for (const [keyword, name] of restrictingByName) {
      const known = objectMember(from, keyword);
      for (const entry of Object.keys(objectMember(to, keyword) ?? {})) {
        if (known !== undefined && Object.hasOwn(known, entry)) {
          if (keyword === 'dependentRequired' && !sameJson(known[entry], objectMember(to, keyword)?.[entry])) {
            report({
              id: `${scope}-dependent-required-changed`,
              says: `asks for other properties beside ${show(entry)}`,
              at: [keyword, entry],
            });
          }
          continue;
        }
        report({
          id: `${scope}-${name}-${word}`,
          says: says(`\`${keyword}\` ${show(entry)}`),
          at: [keyword, entry],
          gone,
        });
      }
    }
    for (const [keyword, name] of encodings) {
      const before = textMember(base, keyword);
      const after = textMember(revision, keyword);
      if (before !== after) {
        report({
          id: `${scope}-${name}`,
          says: `has the \`${keyword}\` ${after === undefined ? 'no more' : show(after)} where it was ${before === undefined ? 'none' : show(before)}`,
          at: after === undefined ? [] : [keyword],
        });
      }
    }
    const places = listMember(base, 'prefixItems').length;
    const now = listMember(revision, 'prefixItems').length;
    if (isRequest(pair) && now < places) {
      report({
        id: `${scope}-prefix-items-removed`,
        says: `describes ${now} leading items where it described ${places}`,
      });
    }
    if (!isRequest(pair) && now > places) {
      report({ id: `${scope}-prefix-items-added`, says: `has ${now} described leading items where it had ${places}` });
    }
  },
};
