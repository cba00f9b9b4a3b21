import { native, no } from '../../capability.ts';
import type { Checker } from '../../checker.ts';
import { UNKNOWN_TOKEN_KEY } from '../../names.ts';
import { mapNamed } from '../../rule.ts';
import { formatted, safe } from '../../syntax.ts';
import { isOwnHeader, ownHeaderMessage } from './api-key.ts';
import { checkClaimName, checkClaimValue, checkDemands, checkRegistered, claim, takeScopes } from './claims.ts';
import { callerLookUp } from './credentials.ts';
import { algorithmsOf, SECRETS_MAP, type TokenKey, tokenKeys } from './keys.ts';
import { type Demand, fail, type Method, type MethodOf, type MethodSetting, next, type Step, step } from './method.ts';

/** Three parts of base64url without padding (RFC 7515, 3.1), and nothing else. */
const FORM = "'^[A-Za-z0-9_-]+[.][A-Za-z0-9_-]+[.][A-Za-z0-9_-]+\\z'";
/** Of a signature in base64url: both numbers in full (RFC 7518, 3.4). HAProxy takes zeros in front of them as well. */
const LENGTHS: Readonly<Record<string, number>> = { ES256: 86, ES384: 128, ES512: 176 };
const PS = 'HAProxy verifies RS, ES and HS; PS and EdDSA it does not know';

/**
 * The signature is verified with an algorithm of the policy and a key of that algorithm's family. What the token names
 * only chooses among them.
 */
export const jwt: Method<'jwt'> = {
  capabilities: [
    native('api policy.auth.issuer', '`iss`, exactly'),
    native('api policy.auth.audience', 'text, or a list that holds one of them'),
    native(
      'api policy.auth.keys',
      '`jwt_verify`; the agent fetches key sets, and brings new keys in by a hitless reload',
    ),
    native('api policy.auth.algorithms', 'RS256–512, ES256–512, HS256–512; each only with keys of its family'),
    ...['PS256', 'PS384', 'PS512', 'EdDSA'].flatMap((name) =>
      ['auth', 'auth.methods'].map((at) => no(`api policy.${at}.algorithms=${name}`, PS)),
    ),
    native('api policy.auth.cookie', '`req.cook`, removed before the upstream'),
    native('api policy.auth.clockSkewMs', 'in whole seconds, rounded down'),
    native('api policy.auth.scopeClaim', 'text with blanks, or a list of words'),
    native('api policy.auth.consumerClaim', 'looked up with the issuer in a map'),
    native('api policy.auth.anyCaller', 'a caller that is no consumer has no plan'),
    native('api policy.auth.scopes', 'all of them, else 403'),
    native('api policy.auth.claims', 'each one of its values, also in a list, else 403'),
    native('consumer jwt', 'issuer, claim and value, looked up in a map'),
  ],

  check(method, field, on) {
    const { issuer, audience, keys, algorithms, header, cookie } = method;
    on.require(/^[\x21-\x7e]{1,2048}$/.test(issuer) && issuer !== '}', `${field}.issuer`, 'must be printable ASCII');
    audience.forEach((value, index) => checkClaimValue(value, `${field}.audience[${index}]`, on));
    algorithms.forEach((name, index) =>
      on.require(/^((RS|PS|ES|HS)(256|384|512)|EdDSA)$/.test(name), `${field}.algorithms[${index}]`, 'is no algorithm'),
    );
    if ('pem' in keys) checkPem(keys.pem, algorithms, `${field}.keys`, on);
    const plain = header === null || header.toLowerCase() === 'authorization' || isOwnHeader(header);
    on.require(plain, `${field}.header`, ownHeaderMessage);
    const cookieName = cookie === null || /^[A-Za-z0-9_.-]{1,64}$/.test(cookie);
    on.require(cookieName, `${field}.cookie`, 'must be letters, digits, `_`, `.` and `-`');
    checkClaimName(method.scopeClaim, `${field}.scopeClaim`, on);
    checkClaimName(method.consumerClaim, `${field}.consumerClaim`, on);
    checkDemandedOf(method, field, on);
  },

  rules(method, setting) {
    const { names, ...place } = placeOf(method);
    const keys = tokenKeys(method, setting.provided);
    return {
      ...place,
      verify: [...signature(method, keys), ...content(method, setting)],
      challenge: { format: formatted(`Bearer realm="${setting.api}"`), bearer: true },
      names,
      tells: tellsOf(setting.demands),
      files: keys.flatMap(({ at }) => ('file' in at ? [at.file] : [])),
      maps: keys.flatMap(({ at }) => ('entry' in at ? [at.entry] : [])),
    };
  },
};

/** Scopes are told where they are asked for: to find them costs something. */
export const tellsOf = (demands: readonly Demand[]): ('subject' | 'scopes')[] =>
  demands.some(({ scopes }) => scopes.length > 0) ? ['subject', 'scopes'] : ['subject'];

/** What is asked of single operations, for whatever carries claims. */
export function checkDemandedOf(
  {
    scopes,
    claims,
  }: { scopes?: readonly string[] | undefined; claims?: Readonly<Record<string, readonly string[]>> | undefined },
  field: string,
  on: Checker,
): void {
  scopes?.forEach((value, index) =>
    on.require(/^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/.test(value), `${field}.scopes[${index}]`, 'must be a scope'),
  );
  for (const [name, values] of Object.entries(claims ?? {})) {
    checkClaimName(name, `${field}.claims.${name}`, on);
    values.forEach((value, index) => checkClaimValue(value, `${field}.claims.${name}[${index}]`, on));
  }
}

function checkPem(pem: readonly string[], algorithms: readonly string[], field: string, on: Checker): void {
  const known = pem.map((one) => algorithmsOf(one)?.algorithms);
  known.forEach((fits, index) =>
    on.require(
      fits !== undefined && fits.some((name) => algorithms.includes(name)),
      `${field}.pem[${index}]`,
      `is no public key for ${algorithms.join(', ')}; RSA needs 2048 bits, ES256/384/512 the curves P-256/384/521`,
    ),
  );
}

function placeOf({ header, cookie, anyCaller }: MethodOf<'jwt'>) {
  const names = anyCaller ? ('maybe' as const) : ('always' as const);
  const name = header === null ? null : safe('header', header.toLowerCase());
  const bearer = name === 'authorization';
  const absent = '!{ var(txn.token) -m found }';
  const take: Step[] = [];
  const strip: Step[] = [];
  if (name !== null) take.push(step(`set-var(txn.token) ${bearer ? 'http_auth_bearer' : `req.fhdr(${name})`}`));
  if (bearer) strip.push(step('del-header authorization', '{ http_auth_bearer -m found }'));
  else if (name !== null) strip.push(step(`del-header ${name}`));
  if (cookie !== null) {
    take.push(step(`set-var(txn.token) req.cook(${cookie})`, absent));
    strip.push(...withoutCookie(cookie));
  }
  const single = [
    ...(name === null ? [] : [`req.fhdr_cnt(${name})`]),
    ...(cookie === null ? [] : ['req.fhdr_cnt(cookie)', `req.cook_cnt(${cookie})`]),
  ];
  return { take, strip, names, single };
}

/** Only one `Cookie` header is let through, so every copy is in it. */
function withoutCookie(name: string): Step[] {
  const pattern = `(^|;)\\\\s*${name.replaceAll('.', '[.]')}\\\\s*=[^;]*`;
  const there = '{ var(txn.cookies) -m found }';
  const rest = `'req.fhdr(cookie),regsub("${pattern}","",g),regsub("^[;[:space:]]+","")'`;
  return [
    step(`set-var(txn.cookies) ${rest}`, `{ req.cook_cnt(${name}) gt 0 }`),
    step('del-header cookie', there),
    step('set-header cookie %[var(txn.cookies)]', there, '{ var(txn.cookies) -m len gt 0 }'),
  ];
}

function signature({ algorithms }: MethodOf<'jwt'>, keys: readonly TokenKey[]): Step[] {
  const token = 'var(txn.token)';
  const verified = '{ var(txn.verified) -m int 1 }';
  const known = keys.flatMap(({ kid }) => kid ?? []);
  const tries = keys.flatMap(({ kid, algorithms: own, at }) =>
    own.flatMap((algorithm) => {
      const when = [
        `{ var(txn.alg) -m str ${algorithm} }`,
        ...(kid === null ? [] : [`{ var(txn.kid) -m str ${kid} none }`]),
        ...(keys.length > 1 ? [`!${verified}`] : []),
      ];
      if ('file' in at)
        return [next(`set-var(txn.verified) ${token},jwt_verify(${algorithm},${at.file.path})`, ...when)];
      return [
        next(`set-var(txn.secret) str(${at.entry.key}),map_str(${mapNamed(SECRETS_MAP)}),url_dec`, ...when),
        next(`set-var(txn.verified) ${token},jwt_verify(${algorithm},txn.secret)`, ...when),
      ];
    }),
  );
  return [
    fail('missing-token', '!{ var(txn.token) -m len gt 0 }'),
    fail('malformed-token', `!{ ${token} -m reg ${FORM} }`),
    next(`set-var(txn.alg) '${token},jwt_header_query("$.alg")'`),
    // What `crit` names has to be understood (RFC 7515, 4.1.11), and nothing is.
    fail('malformed-token', `{ '${token},jwt_header_query("$.crit[0]")' -m found }`),
    fail('token-algorithm', `!{ var(txn.alg) -m str ${algorithms.map((name) => safe('algorithm', name)).join(' ')} }`),
    ...algorithms.flatMap((name) => {
      const length = LENGTHS[name];
      if (length === undefined) return [];
      const whole = `!{ ${token} -m reg '[.][A-Za-z0-9_-]{${length}}\\z' }`;
      return [fail('bad-signature', `{ var(txn.alg) -m str ${name} }`, whole)];
    }),
    ...(known.length === 0 ? [] : keyOfToken(keys.length === known.length ? known : null)),
    ...tries,
    fail('bad-signature', `!${verified}`),
  ];
}

/** @param known hashes of all `kid`s; null where other keys may be meant */
function keyOfToken(known: readonly string[] | null): Step[] {
  return [
    next('set-var(txn.kid) str(none)'),
    next(`set-var(txn.kid) 'var(txn.token),jwt_header_query("$.kid"),sha2(256),hex,lower'`),
    ...(known === null ? [] : [fail(UNKNOWN_TOKEN_KEY, `!{ var(txn.kid) -m str ${known.join(' ')} none }`)]),
  ];
}

function content(method: MethodOf<'jwt'>, { demands }: MethodSetting): Step[] {
  const asks = demands.some(({ scopes }) => scopes.length > 0);
  return [
    next('set-var(txn.claims) var(txn.token),field(2,.),ub64dec'),
    fail('malformed-token', "!{ var(txn.claims) -m reg '^\\s*[{]' }"),
    ...checkRegistered(method.issuer, method.audience, method.clockSkewMs),
    ...callerLookUp(method.issuer, method.consumerClaim, claim(method.consumerClaim)),
    ...(method.anyCaller ? [] : [fail('unknown-caller', '!{ var(txn.who) -m found }')]),
    ...(asks ? takeScopes(method.scopeClaim) : []),
    ...checkDemands(demands),
  ];
}
