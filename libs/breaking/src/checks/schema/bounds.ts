import { member, numberMember, show, type Json } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

interface Bound {
  /** In ids: `max-length`. */
  readonly name: string;
  readonly keyword: string;
  /** An upper bound narrows when it falls, a lower one when it rises. */
  readonly side: 'upper' | 'lower';
  /** What a document that says nothing means; undefined is no bound at all. */
  readonly unset?: number;
}

const bounds: readonly Bound[] = [
  { name: 'max', keyword: 'maximum', side: 'upper' },
  { name: 'min', keyword: 'minimum', side: 'lower' },
  { name: 'exclusive-max', keyword: 'exclusiveMaximum', side: 'upper' },
  { name: 'exclusive-min', keyword: 'exclusiveMinimum', side: 'lower' },
  { name: 'max-length', keyword: 'maxLength', side: 'upper' },
  { name: 'min-length', keyword: 'minLength', side: 'lower', unset: 0 },
  { name: 'max-items', keyword: 'maxItems', side: 'upper' },
  { name: 'min-items', keyword: 'minItems', side: 'lower', unset: 0 },
  { name: 'max-properties', keyword: 'maxProperties', side: 'upper' },
  { name: 'min-properties', keyword: 'minProperties', side: 'lower', unset: 0 },
  { name: 'max-contains', keyword: 'maxContains', side: 'upper' },
  { name: 'min-contains', keyword: 'minContains', side: 'lower' },
];

const requestScopes = ['request-body', 'request-property', 'request-parameter'];
const responseScopes = ['response-body', 'response-property'];

/** No parameter is held to these. */
const untold = new Set([
  'request-parameter-max-properties-decreased',
  'request-parameter-min-properties-increased',
  'request-parameter-max-contains-decreased',
  'request-parameter-min-contains-increased',
]);

const setIds = ['max', 'min', 'exclusive-max', 'exclusive-min', 'max-length', 'max-items'].flatMap((name) =>
  requestScopes.map((scope) => `${scope}-${name}-set`),
);
const unsetIds = responseScopes.flatMap((scope) => [`${scope}-max-length-unset`]);

const ids = [
  ...bounds.flatMap(({ name, side }) => [
    ...requestScopes.map((scope) => `${scope}-${name}-${side === 'upper' ? 'decreased' : 'increased'}`),
    ...responseScopes.map((scope) => `${scope}-${name}-${side === 'upper' ? 'increased' : 'decreased'}`),
  ]),
  ...setIds,
  'request-body-max-properties-set',
  'request-property-max-properties-set',
  ...unsetIds,
].filter((id) => !untold.has(id));
const told = new Set(ids);

export const boundsCheck: SchemaCheck = {
  ids,
  check(pair, report) {
    if (pair.place === 'header' || pair.place === 'parameter-property' || !concernsCaller(pair)) return;
    const scope = scopeOf(pair);
    const tell = (id: string, says: string, keyword: string, gone = false) => {
      if (told.has(id)) report({ id, says, at: [keyword], gone });
    };
    for (const bound of bounds) {
      const { name, keyword, side } = bound;
      if (nowExclusive(pair.base.value, pair.revision.value, keyword)) {
        if (isRequest(pair)) tell(`${scope}-${name}-set`, `no longer takes the ${side} limit itself`, keyword);
        continue;
      }
      const before = numberMember(pair.base.value, keyword) ?? bound.unset;
      const after = numberMember(pair.revision.value, keyword) ?? bound.unset;
      if (before === after) continue;
      if (before === undefined) {
        if (isRequest(pair)) tell(`${scope}-${name}-set`, `has now a \`${keyword}\` of ${show(after)}`, keyword);
      } else if (after === undefined) {
        if (!isRequest(pair))
          tell(`${scope}-${name}-unset`, `has no \`${keyword}\` any more (${before} before)`, keyword, true);
      } else {
        const lower = after < before;
        if (isRequest(pair) !== ((side === 'upper') === lower)) continue;
        const word = lower ? 'decreased' : 'increased';
        const gone = member(pair.revision.value, keyword) === undefined;
        tell(`${scope}-${name}-${word}`, `has a \`${keyword}\` of ${after} where it was ${before}`, keyword, gone);
      }
    }
  },
};

/** 3.0 writes `exclusiveMaximum: true` beside the limit. */
function nowExclusive(base: Json, revision: Json, keyword: string): boolean {
  return member(revision, keyword) === true && member(base, keyword) !== true;
}
