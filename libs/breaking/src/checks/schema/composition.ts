import { show, textMember } from '../../document/json.ts';
import type { Located } from '../../document/resolver.ts';
import { concernsCaller, isRequest, scopeOf, type SchemaCheck, type SchemaPair } from '../../compare/schema-check.ts';
import type { Composition } from '../../compare/subschemas.ts';
import { plainTypeSet } from './types-of.ts';

/** One branch more in `allOf` narrows, one less in `oneOf` or `anyOf` too; the other way round they widen. */
export const composition: SchemaCheck = {
  ids: [
    ...['request-body', 'request-property'].flatMap((scope) => [
      `${scope}-all-of-added`,
      `${scope}-all-of-removed`,
      `${scope}-any-of-removed`,
      `${scope}-one-of-removed`,
    ]),
    'response-body-one-of-added',
    'response-property-one-of-added',
  ],
  check(pair, report) {
    if ((pair.place !== 'body' && pair.place !== 'property') || !concernsCaller(pair)) return;
    const scope = scopeOf(pair);
    const tell = (keyword: Composition, change: 'added' | 'removed', says: (branch: string) => string) => {
      for (const branch of pair.subschemas(keyword)[change]) {
        report({
          id: `${scope}-${keyword.replace('Of', '-of')}-${change}`,
          says: says(nameOf(branch)),
          about: nameOf(branch),
          at: [keyword],
          gone: change === 'removed',
        });
      }
    };
    if (isRequest(pair)) {
      tell('allOf', 'added', (branch) => `must be valid against ${branch} as well`);
      tell('allOf', 'removed', (branch) => `is no longer described by ${branch}`);
      if (listOfTypes(pair)) return;
      tell('anyOf', 'removed', (branch) => `can no longer be ${branch}`);
      tell('oneOf', 'removed', (branch) => `can no longer be ${branch}`);
    } else if (!listOfTypes(pair)) {
      tell('oneOf', 'added', (branch) => `may now be ${branch} as well`);
    }
  },
};

const listOfTypes = ({ base, revision }: SchemaPair) =>
  plainTypeSet(base.value) !== undefined && plainTypeSet(revision.value) !== undefined;

function nameOf(branch: Located): string {
  const name = branch.ref?.split('/').at(-1) ?? textMember(branch.value, 'title');
  if (name !== undefined) return show(name);
  return `the schema at ${show(branch.pointer)}`;
}
