import { type Conversion, isMapping, type Node } from './conversion.ts';

const flows: Record<string, string> = { application: 'clientCredentials', accessCode: 'authorizationCode' };
const ofFlow = new Set(['flow', 'authorizationUrl', 'tokenUrl', 'scopes']);

export function convertSecurity(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  return to.make(
    at,
    at.entries().map(([name, scheme]) => [name, convertScheme(to, scheme)] as const),
  );
}

function convertScheme(to: Conversion, at: Node): unknown {
  if (!isMapping(at.value)) return at.value;
  const { type, flow } = at.value;
  const plain = (entries: [string, Node][]) => entries.map(([key, member]) => [key, to.plain(member)] as const);
  if (type === 'basic') {
    const rest = at.entries().filter(([key]) => key !== 'type');
    return to.make(at, [['type', 'http'], ['scheme', 'basic'], ...plain(rest)]);
  }
  if (type !== 'oauth2') return to.make(at, plain(at.entries()));
  const entries = at.entries();
  const own = to.make(at, plain(entries.filter(([key]) => ofFlow.has(key) && key !== 'flow')));
  const name = typeof flow === 'string' ? (Object.hasOwn(flows, flow) ? flows[flow]! : flow) : undefined;
  return to.make(at, [
    ...plain(entries.filter(([key]) => !ofFlow.has(key))),
    ['flows', to.make(at, name === undefined ? [] : [[name, own]])],
  ]);
}
