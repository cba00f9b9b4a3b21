import { createHash } from 'node:crypto';
import { native } from '../../capability.ts';
import type { Checker } from '../../checker.ts';
import { mapNamed } from '../../rule.ts';
import { shortDigest } from '../../scope.ts';
import { formatted, quoted } from '../../syntax.ts';
import { askingFiles, askingLines } from './asking.ts';
import { checkClaimName, checkDemands, claim, takeScopes } from './claims.ts';
import { callerLookUp } from './credentials.ts';
import { checkDemandedOf, tellsOf } from './jwt.ts';
import { asBytes, SECRETS_MAP } from './keys.ts';
import { fail, type Method, next, step } from './method.ts';

/** Whoever the issuer calls active is let in; the answer is read as the claims of a token are. */
export const introspection: Method<'introspection'> = {
  capabilities: [
    native('api policy.auth.url', 'asked by HAProxy’s own HTTP client, from Lua'),
    native('api policy.auth.clientId', 'RFC 6749, 2.3.1: `Authorization: Basic`'),
    native('api policy.auth.clientSecret', 'given by the agent'),
    native('api policy.auth.cacheForMs', 'up to 10,000 answers in memory, by the SHA-256 of the token'),
  ],

  check(method, field, on) {
    checkUrl(method.url, `${field}.url`, on);
    checkClaimName(method.consumerClaim, `${field}.consumerClaim`, on);
    checkDemandedOf(method, field, on);
  },

  rules({ url, clientId, clientSecret, cacheForMs, consumerClaim }, { api, provided, demands }) {
    const secret = provided.secrets.get(clientSecret.secret) ?? '';
    const credential = asBytes(`Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`);
    const key = `c${shortDigest(credential, 32)}`;
    const mark = createHash('sha256')
      .update(JSON.stringify([url, key, cacheForMs]))
      .digest('hex')
      .slice(0, 16);
    const asks = demands.some(({ scopes }) => scopes.length > 0);
    return {
      single: ['req.fhdr_cnt(authorization)'],
      take: [step('set-var(txn.opaque) http_auth_bearer')],
      verify: [
        fail('missing-token', '!{ var(txn.opaque) -m len gt 0 }'),
        next(`set-var(txn.client) str(${key}),map_str(${mapNamed(SECRETS_MAP)}),url_dec`),
        next(`lua.gitway_introspect ${quoted(url)} ${mark} ${cacheForMs}`),
        fail('no-authorisation', '!{ var(txn.answer) -m found }'),
        next('set-var(txn.claims) var(txn.answer)'),
        fail('token-inactive', `!{ ${claim('active')} -m str 1 true }`),
        next('unset-var(txn.exp)'),
        next(`set-var(txn.exp) ${claim('exp')}`),
        fail('token-expired', '{ date,sub(txn.exp) ge 0 }'),
        ...callerLookUp(url, consumerClaim, claim(consumerClaim)),
        ...(asks ? takeScopes('scope') : []),
        ...checkDemands(demands),
      ],
      strip: [step('del-header authorization', '{ http_auth_bearer -m found }')],
      challenge: { format: formatted(`Bearer realm="${api}"`), bearer: true },
      names: 'maybe',
      tells: tellsOf(demands),
      maps: [{ map: SECRETS_MAP, key, value: credential }],
      files: askingFiles,
      shared: askingLines,
    };
  },
};

/** An address that one word of the configuration can hold. */
export function checkUrl(url: string, field: string, on: Checker): void {
  const plain = /^https?:\/\/[\x21-\x7e]{1,2000}$/.test(url) && URL.canParse(url);
  on.require(plain && new URL(url).username === '', field, 'must be an http(s) URL without a user');
}
