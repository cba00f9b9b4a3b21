import { isObject, listMember, member, pointerTo, show, strings, type Json } from '../../document/json.ts';
import type { OperationCheck, OperationPair } from '../../compare/operation-check.ts';

/** Schemes by name with the scopes each must grant. No scheme: anybody may call. */
type Alternative = ReadonlyMap<string, readonly string[]>;

/**
 * Whether those who were let in still are. The vocabulary tells any edit of `security`, as information; at a gateway
 * a requirement that callers of before do not meet refuses them, which is an error.
 */
export const security: OperationCheck = {
  ids: ['api-security-added', 'api-security-removed', 'api-security-scope-added'],
  check(pair) {
    const before = alternativesOf(pair.before.operation.value, pair.base.document);
    const after = alternativesOf(pair.after.operation.value, pair.revision.document);
    const own = member(pair.after.operation.value, 'security') !== undefined;
    const pointer = own ? pointerTo(pair.after.operation.pointer, 'security') : '/security';
    const told = new Set<string>();
    for (const way of before) {
      if (after.some((other) => lets(other, way))) continue;
      const fact = refusal(way, after);
      if (told.has(fact.message)) continue;
      told.add(fact.message);
      report(pair, fact, pointer);
    }
  },
};

function report(pair: OperationPair, fact: { id: string; message: string }, pointer: string): void {
  pair.report({ ...fact, document: 'revision', pointer, hint: 'accept the old way beside the new one for a while' });
}

function refusal(way: Alternative, after: readonly Alternative[]): { id: string; message: string } {
  const scopes = after.find((other) => [...other.keys()].every((scheme) => way.has(scheme)));
  if (scopes !== undefined) {
    const missing = [...scopes].flatMap(([scheme, names]) => names.filter((name) => !way.get(scheme)?.includes(name)));
    return {
      id: 'api-security-scope-added',
      message: `Callers need the scope ${missing.map(show).join(', ')} as well`,
    };
  }
  const more = after.find((other) => [...way.keys()].every((scheme) => other.has(scheme)));
  if (more !== undefined) {
    const added = [...more.keys()].filter((scheme) => !way.has(scheme));
    const whom = way.size === 0 ? 'Anybody could call it; callers' : `Callers with ${nameOf(way)}`;
    return { id: 'api-security-added', message: `${whom} need ${added.map(show).join(' and ')} now` };
  }
  return { id: 'api-security-removed', message: `Callers with ${nameOf(way)} are no longer let in` };
}

const nameOf = (way: Alternative) => [...way.keys()].map(show).join(' and ');

/** Whether everybody who meets `way` meets `other` too. */
function lets(other: Alternative, way: Alternative): boolean {
  return [...other].every(([scheme, scopes]) => {
    const granted = way.get(scheme);
    return granted !== undefined && scopes.every((scope) => granted.includes(scope));
  });
}

function alternativesOf(operation: Json, document: Json): Alternative[] {
  const source = member(operation, 'security') === undefined ? document : operation;
  const list = listMember(source, 'security').filter(isObject);
  if (list.length === 0) return [new Map()];
  return list.map((entry) => new Map(Object.keys(entry).map((scheme) => [scheme, strings(listMember(entry, scheme))])));
}
