import { type Conversion, isMapping, type Node, referenceOf } from './conversion.ts';
import { convertParameter, requestBody, type Sent, sentOf, sentTogether } from './parameters.ts';
import { convertResponses } from './responses.ts';
import { serversOf } from './servers.ts';

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch']);

export function convertPaths(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  const members = at.entries().map(([path, item]): [string, unknown] => {
    if (!path.startsWith('/') || !isMapping(item.value)) return [path, to.plain(item)];
    return [path, convertPathItem(to, item)];
  });
  return to.make(at, members);
}

/** What a `$ref` leads to is converted once; what stands beside it counts before that. */
function convertPathItem(to: Conversion, at: Node): unknown {
  if (referenceOf(at.value) === undefined) return to.once('path', at, () => to.make(at, membersOf(to, at.entries())));
  const final = to.final(at);
  if (final === undefined || !isMapping(final.value)) return to.plain(at);
  const target = to.once('path', final, () => to.make(final, membersOf(to, final.entries())));
  const beside = at.entries().filter(([key]) => key !== '$ref');
  if (beside.length === 0) return target;
  return to.make(final, [...Object.entries(target), ...membersOf(to, beside)]);
}

function membersOf(to: Conversion, entries: [string, Node][]): [string, unknown][] {
  const shared = sentOf(to, entries.find(([key]) => key === 'parameters')?.[1].items() ?? []);
  return entries.map(([key, member]) => {
    if (key === 'parameters' && Array.isArray(member.value)) return [key, listOf(to, shared)];
    if (!methods.has(key) || !isMapping(member.value)) return [key, to.plain(member)];
    return [key, convertOperation(to, member, shared)];
  });
}

function convertOperation(to: Conversion, at: Node, shared: Sent): unknown {
  const own = sentOf(to, at.child('parameters')?.items() ?? []);
  const consumes = to.mediaTypes(at.child('consumes')) ?? to.consumes;
  const produces = to.mediaTypes(at.child('produces'));
  const isSame = produces === undefined || produces.join(' ') === to.produces.join(' ');
  const members: [string, unknown][] = at.entries().flatMap(([key, member]): [string, unknown][] => {
    if (key === 'consumes' || key === 'produces') return [];
    if (key === 'schemes') return [['servers', serversOf(to, member)]];
    if (key === 'parameters' && Array.isArray(member.value)) return [[key, listOf(to, own)]];
    if (key === 'responses') return [[key, convertResponses(to, member, isSame ? to.produces : produces)]];
    return [[key, to.plain(member)]];
  });
  return to.make(at, [...members, ['requestBody', requestBody(to, sentTogether(shared, own), consumes)]]);
}

/** Undefined where nothing is left. */
function listOf(to: Conversion, { plain }: Sent): unknown {
  return plain.length === 0 ? undefined : plain.map((each) => convertParameter(to, each));
}
