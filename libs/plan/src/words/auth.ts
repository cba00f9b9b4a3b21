import type { CallerSeverity } from '@gitway/contracts';
import { isEqual, type Json, type JsonObject, isObject, memberOf, objectsOf, textOf, textsOf } from '../diff/json.ts';
import type { Judge } from './judged.ts';
import { showValue } from './show-value.ts';

/** Who is let in, in words. */
export function describeAuth(auth: Json | undefined): string {
  if (!isObject(auth)) return 'the API’s own';
  switch (textOf(auth['kind'])) {
    case 'none':
      return 'open to everybody';
    case 'apiKey': {
      const header = textOf(auth['header']);
      const query = textOf(auth['query']);
      const places = [
        ...(header === undefined ? [] : [`header ${header}`]),
        ...(auth['bearer'] === true ? ['Authorization: Bearer'] : []),
        ...(query === undefined ? [] : [`query parameter ${query}`]),
      ];
      return `API key in ${either(places)}`;
    }
    case 'jwt':
      return `token of ${showValue(auth['issuer'], 'issuer') ?? 'its issuer'}${scopesOf(auth)}`;
    case 'basic':
      return 'user name and password';
    case 'mtls':
      return 'client certificate';
    case 'introspection':
      return `token that ${showValue(auth['url'], 'url') ?? 'its issuer'} knows${scopesOf(auth)}`;
    case 'forward':
      return `whoever ${showValue(auth['url'], 'url') ?? 'another service'} lets in`;
    case 'anyOf':
      return objectsOf(auth['methods']).map(describeAuth).join('; or ');
    case 'allOf':
      return objectsOf(auth['methods']).map(describeAuth).join('; and ');
    default:
      return textOf(auth['kind']) ?? 'something else';
  }
}

function scopesOf(auth: JsonObject): string {
  const scopes = textsOf(auth['scopes']);
  return scopes.length === 0 ? '' : ` with ${scopes.join(' and ')}`;
}

export const isOpen = (auth: Json | undefined) => memberOf(auth, 'kind') === 'none';

export const judgeAuth: Judge = (from, to) => {
  const [was, is] = [describeAuth(from), describeAuth(to)];
  const severity = severityOf(from, to);
  const notice = 'callers';
  if (isOpen(from)) return { says: `callers must identify themselves now: ${is}`, notice, severity };
  if (isOpen(to)) return { says: `open to everybody, where it took ${was}`, notice, severity };
  const fields = was === is ? differing(from, to) : '';
  const says = was === is ? `callers are identified as before (${is}); what differs: ${fields}` : `${was} → ${is}`;
  return { says, notice, severity };
};

function differing(from: Json | undefined, to: Json | undefined): string {
  const keys = new Set([...Object.keys(isObject(from) ? from : {}), ...Object.keys(isObject(to) ? to : {})]);
  const names = [...keys].filter((key) => !isEqual(memberOf(from, key), memberOf(to, key))).sort();
  return names.length === 0 ? 'something' : names.join(', ');
}

/** Whoever could come in still can: widening. */
function severityOf(from: Json | undefined, to: Json | undefined): CallerSeverity {
  if (isOpen(to)) return 'widening';
  if (isOpen(from)) return 'breaking';
  const [old, now] = [waysIn(from), waysIn(to)];
  if (old.length === 0 || now.length === 0) return 'unknown';
  return old.every((way) => now.some((other) => admitsAll(other, way))) ? 'widening' : 'breaking';
}

/** Each is enough by itself. What must be proven together is one way. */
const waysIn = (auth: Json | undefined): JsonObject[] =>
  isObject(auth) ? (auth['kind'] === 'anyOf' ? objectsOf(auth['methods']) : [auth]) : [];

/** Whether everybody whom `old` let in is let in by `now`. */
function admitsAll(now: JsonObject, old: JsonObject): boolean {
  if (isEqual(now, old)) return true;
  if (now['kind'] !== old['kind']) return false;
  const same = (...but: string[]) =>
    isEqual(
      Object.fromEntries(Object.entries(now).filter(([key]) => !but.includes(key))),
      Object.fromEntries(Object.entries(old).filter(([key]) => !but.includes(key))),
    );
  if (now['kind'] === 'apiKey') {
    const more =
      (now['bearer'] === true || old['bearer'] !== true) &&
      (old['query'] == null || isEqual(now['query'], old['query']));
    return more && same('bearer', 'query');
  }
  if (now['kind'] !== 'jwt') return false;
  const [audience, scopes] = [textsOf(now['audience']), textsOf(old['scopes'])];
  return (
    textsOf(old['audience']).every((each) => audience.includes(each)) &&
    textsOf(old['audience']).length > 0 &&
    textsOf(now['scopes']).every((each) => scopes.includes(each)) &&
    same('audience', 'scopes')
  );
}

/** `a, b or c`. */
export const either = (words: readonly string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
