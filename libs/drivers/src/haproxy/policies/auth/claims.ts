import type { Checker } from '../../checker.ts';
import { quoted } from '../../syntax.ts';
import { type Demand, fail, next, type Step } from './method.ts';

/**
 * What a token says, in `txn.claims` as JSON. HAProxy reads one member at a time (`json_query`): numbers as whole ones
 * only when asked for, lists only member by member, the first of two members of one name. Lists are therefore taken out
 * as text, of the token's own top level and never out of what is nested in it.
 */
export const CLAIMS = 'var(txn.claims)';

/** Numbers above 10^6 are printed with an exponent, and strings as they are: it tells one from the other. */
const SECONDS = "'^(0|[1-9][0-9]{0,5}|[1-9]([.][0-9]+)?e[+][0-9]+)\\z'";

const readable = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

export function checkClaimName(name: string, field: string, on: Checker): void {
  const plain = /^[A-Za-z0-9_.:/@-]{1,200}$/.test(name) && !/^[./]|[.]$|[.][.]/.test(name);
  on.require(plain, field, 'must be letters, digits, `_`, `-`, `:`, `/`, `@` and `.`');
}

/** Values that are compared with members of a list, which stand in quotes there. */
export function checkClaimValue(value: string, field: string, on: Checker): void {
  const inert = readable.test(value) && value !== ',' && value !== '}';
  on.require(inert, field, 'must be printable ASCII without `"` and `\\`, and neither `,` nor `}` alone');
}

/** A dot leads into an object (`realm_access.roles`), unless the name is a URL (`https://example.com/roles`). */
function stepsOf(name: string): string[] {
  return /[:/]/.test(name) ? [name] : name.split('.');
}

/** As an argument of a converter: one word, whatever stands in it. */
const argument = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A member of the claims, as a sample; whole numbers are read as such. */
export function claim(name: string, type: 'any' | 'whole' = 'whole', from = CLAIMS): string {
  const path = `$.${stepsOf(name)
    .map((part) => part.replaceAll('.', '\\.'))
    .join('.')}`;
  return `'${from},json_query(${argument(path)}${type === 'whole' ? ',"int"' : ''})'`;
}

const STRING = '"(?:[^"\\\\]|\\\\.)*+"';
const NESTED = `(?:[^][{}"]++|${STRING}|(?1))*+`;

/** Takes one object or list out of the JSON that encloses it, by its name there. Needs PCRE2. */
function takeOut(name: string, opens: '{' | '['): string {
  const key = `"${name.replaceAll('.', '[.]').replaceAll('/', '[/]')}"\\s*+:`;
  const wanted = opens === '{' ? `({${NESTED}})` : `(\\[(?:[^][{}"]++|${STRING})*+\\])`;
  const before = `(?:(?!${key})(?:${STRING}|[^][{}"]++|([{[]${NESTED}[]}])))*+`;
  return `regsub(${argument(`^\\{${before}${key}\\s*+${wanted}[\\s\\S]*`)},${argument('\\2')})`;
}

/** Text of a list in the claims. Where there is none, what is left begins with `{`. */
function listOf(name: string): string {
  const parts = stepsOf(name);
  const path = parts.map((part, index) => takeOut(part, index === parts.length - 1 ? '[' : '{'));
  return `'${[CLAIMS, ...path].join(',')}'`;
}

/** In newer HAProxies a list is read as its text: what begins with a bracket is looked at again. */
const mayBeList = (variable: string) => `!{ var(${variable}) -m reg '^[^[]' }`;
const PLAIN_LIST = `'^\\[\\s*+(("[^"\\\\]*+"|[-+.0-9A-Za-z]++)\\s*+(,\\s*+(?!\\])|(?=\\])))*+\\]\\z'`;
const WORD_LIST = `'^\\[\\s*+("[^]["\\\\,\\s]*+"\\s*+(,\\s*+(?!\\])|(?=\\])))*+\\]\\z'`;

/** Issuer, audience and times (RFC 7519, 4.1). Without an `exp` a token would be good for ever: it is refused. */
export function checkRegistered(issuer: string, audience: readonly string[], clockSkewMs: number): Step[] {
  const skew = Math.floor(clockSkewMs / 1000);
  return [
    fail('token-issuer', `!{ ${claim('iss')} -m str -- ${quoted(issuer)} }`),
    ...(audience.length === 0 ? [] : holdsOneOf('aud', audience, fail('token-audience'))),
    fail('malformed-token', `!{ ${claim('exp', 'any')} -m reg ${SECONDS} }`),
    next(`set-var(txn.exp) ${claim('exp')}`),
    fail('malformed-token', '!{ var(txn.exp) -m found }'),
    fail('token-expired', `{ date,sub(txn.exp) ge ${skew} }`),
    fail('malformed-token', `{ ${claim('nbf', 'any')} -m found }`, `!{ ${claim('nbf', 'any')} -m reg ${SECONDS} }`),
    next(`set-var(txn.nbf) ${claim('nbf')}`),
    fail('token-not-yet', `{ date,sub(txn.nbf),add(${skew}) lt 0 }`),
  ];
}

/** The claim is one of the values, or a list that holds one of them. */
function holdsOneOf(name: string, values: readonly string[], otherwise: Step): Step[] {
  const words = values.map((value) => quoted(value)).join(' ');
  const members = values.map((value) => quoted(`"${value}"`)).join(' ');
  const here = `{ var(txn.one_of) -m found }`;
  return [
    next('unset-var(txn.claim)'),
    next('unset-var(txn.one_of)'),
    next(`set-var(txn.claim) ${claim(name)}`),
    next('set-var(txn.one_of) bool(true)', `{ var(txn.claim) -m str -- ${words} }`),
    next(`set-var(txn.claim) ${listOf(name)}`, mayBeList('txn.claim')),
    next(
      'set-var(txn.one_of) bool(true)',
      `!${here}`,
      `{ var(txn.claim) -m reg ${PLAIN_LIST} }`,
      `{ var(txn.claim) -m sub ${members} }`,
    ),
    { act: otherwise.act, when: [...otherwise.when, `!${here}`] },
  ];
}

/** Puts the scopes into `txn.scopes`, separated by blanks, with one before and one behind; from text or from a list. */
export function takeScopes(name: string): Step[] {
  const isList = `{ var(txn.scopes) -m reg ${WORD_LIST} }`;
  return [
    next(`set-var(txn.scopes) ${claim(name, 'any')}`),
    next(`set-var(txn.scopes) ${listOf(name)}`, mayBeList('txn.scopes')),
    next(`set-var(txn.scopes) 'var(txn.scopes),regsub(${argument('[]",[\\s]+')},${argument(' ')},g)'`, isList),
    // What is left of a list or an object that is none of words grants nothing.
    next('unset-var(txn.scopes)', "{ var(txn.scopes) -m reg '^[[{]' }"),
    next('set-var-fmt(txn.scopes) " %[var(txn.scopes)] "'),
  ];
}

export function checkDemands(demands: readonly Demand[]): Step[] {
  return demands.flatMap(({ scopes, claims, when }) =>
    [
      ...(scopes.length === 0 ? [] : [next(`set-var(txn.lacks) ${quoted(`str(${argument(scopes.join(' '))})`)}`)]),
      ...scopes.map((scope) => fail('insufficient-scope', `!{ var(txn.scopes) -m sub ${quoted(` ${scope} `)} }`)),
      ...Object.entries(claims)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, values]) => holdsOneOf(name, booleans(values), fail('insufficient-claims'))),
    ].map(({ act, when: own }) => ({ act, when: [...when, ...own] })),
  );
}

/** `true` and `false` of JSON are read as 1 and 0. */
const booleans = (values: readonly string[]) =>
  values.flatMap((value) => (value === 'true' ? ['true', '1'] : value === 'false' ? ['false', '0'] : [value]));
