import { isObject, member, type Json } from '../../document/json.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck } from '../../compare/schema-check.ts';

/** Properties that a schema does not name, in what callers send. */
export const furtherProperties: SchemaCheck = {
  ids: ['request-body', 'request-property'].flatMap((scope) => [
    `${scope}-additional-properties-refused`,
    `${scope}-additional-properties-restricted`,
  ]),
  check(pair, report) {
    if (!isRequest(pair) || (pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const before = further(pair.base.value);
    const after = further(pair.revision.value);
    if (after === 'none' && before !== 'none') {
      report({
        id: `${scopeOf(pair)}-additional-properties-refused`,
        says: 'no longer takes properties that it does not name',
        at: ['additionalProperties'],
        hint: 'go on ignoring what is unknown',
      });
    } else if (after === 'some' && before === 'any') {
      report({
        id: `${scopeOf(pair)}-additional-properties-restricted`,
        says: 'takes properties that it does not name only as it describes them',
        at: ['additionalProperties'],
      });
    }
  },
};

function further(schema: Json): 'any' | 'some' | 'none' {
  const value = member(schema, 'additionalProperties');
  if (value === false) return 'none';
  return isObject(value) && Object.keys(value).length > 0 ? 'some' : 'any';
}
