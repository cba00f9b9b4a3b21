import { listMember, sameJson, textMember } from '../document/json.ts';
import type { Located, Resolver } from '../document/resolver.ts';

export type Composition = 'allOf' | 'anyOf' | 'oneOf';

export interface MatchedSubschemas {
  readonly pairs: readonly { readonly base: Located; readonly revision: Located; readonly index: number }[];
  readonly added: readonly Located[];
  readonly removed: readonly Located[];
}

interface Entry {
  readonly at: Located;
  readonly index: number;
}

/**
 * Pairs the branches of two compositions: those with the same `$ref`, then those written alike,
 * then those of one title, and at last the only one left on either side when both are written in place.
 */
export function matchSubschemas(
  keyword: Composition,
  base: Located,
  baseResolver: Resolver,
  revision: Located,
  revisionResolver: Resolver,
): MatchedSubschemas {
  const removed = entries(keyword, base, baseResolver);
  const added = entries(keyword, revision, revisionResolver);
  const pairs: { base: Located; revision: Located; index: number }[] = [];
  const matchBy = (same: (left: Located, right: Located) => boolean) => {
    for (let at = 0; at < removed.length;) {
      const left = removed[at] as Entry;
      const other = added.findIndex((right) => same(left.at, right.at));
      if (other < 0) at++;
      else {
        const [right] = added.splice(other, 1) as [Entry];
        removed.splice(at, 1);
        pairs.push({ base: left.at, revision: right.at, index: right.index });
      }
    }
  };
  matchBy((left, right) => left.ref !== undefined && left.ref === right.ref);
  const inline = (at: Located) => at.ref === undefined;
  matchBy((left, right) => inline(left) && inline(right) && sameJson(left.value, right.value));
  const title = (at: Located) => textMember(at.value, 'title');
  matchBy((left, right) => inline(left) && inline(right) && title(left) !== undefined && title(left) === title(right));
  const leftOver = removed.filter((entry) => inline(entry.at));
  const newOnes = added.filter((entry) => inline(entry.at));
  if (leftOver.length === 1 && newOnes.length === 1) {
    matchBy((left, right) => left === leftOver[0]?.at && right === newOnes[0]?.at);
  }
  return { pairs, added: added.map(({ at }) => at), removed: removed.map(({ at }) => at) };
}

const MAX_BRANCHES = 500;

function entries(keyword: Composition, schema: Located, resolver: Resolver): Entry[] {
  const found: Entry[] = [];
  const count = Math.min(listMember(schema.value, keyword).length, MAX_BRANCHES);
  for (let index = 0; index < count; index++) {
    const at = resolver.child(schema, keyword, index);
    if (at !== undefined) found.push({ at, index });
  }
  return found;
}
