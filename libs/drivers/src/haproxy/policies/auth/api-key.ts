import { native } from '../../capability.ts';
import { HOP_HEADERS, ORIGIN_HEADERS, OWN_HEADERS } from '../../requests.ts';
import { mapNamed } from '../../rule.ts';
import { fits, safe } from '../../syntax.ts';
import { fail, lookUp, type Method, next, type Step, step } from './method.ts';

/** Read or dropped by the gateway itself before it looks for a credential. */
const reserved = new RegExp(
  `^(host|content-length|transfer-encoding|x-request-id|cookie|authorization)$|${HOP_HEADERS}|${OWN_HEADERS}|${ORIGIN_HEADERS}`,
  'i',
);

/** Whether a credential may have this header for itself. */
export const isOwnHeader = (name: string) => fits('header', name) && !reserved.test(name);
export const ownHeaderMessage = 'must be a header of its own: letters, digits, `-` and `_`';

/** The SHA-256 of what was sent is looked up, so comparing takes the same time for every key. */
export const apiKey: Method<'apiKey'> = {
  capabilities: [
    native('api policy.auth.header', 'key or token: `req.fhdr`, removed before the upstream'),
    native('api policy.auth.bearer', '`http_auth_bearer`, removed before the upstream'),
    native('api policy.auth.query', '`url_param` at `&` and `;`, every copy removed before the upstream'),
    native('consumer keyHashes', 'SHA-256 of the key, looked up in a map'),
    native('consumer keyExpiries', 'good until the end of that day, in UTC'),
  ],

  check(method, field, on) {
    on.require(isOwnHeader(method.header), `${field}.header`, ownHeaderMessage);
    const query = method.query === null || fits('query', method.query);
    on.require(query, `${field}.query`, 'must be letters, digits, `-`, `_` and `~`');
  },

  rules({ header: given, bearer, query }) {
    const header = safe('header', given.toLowerCase());
    const name = query === null ? null : safe('query', query);
    const absent = '!{ var(txn.key) -m found }';
    return {
      single: [header, ...(bearer ? ['authorization'] : [])].map((one) => `req.fhdr_cnt(${one})`),
      take: [
        step(`set-var(txn.key) req.fhdr(${header})`),
        ...(bearer ? [step('set-var(txn.key) http_auth_bearer', absent)] : []),
        ...(name === null ? [] : [step(`set-var(txn.key) url_param(${name}),url_dec`, absent)]),
      ],
      verify: [
        fail('missing-key', '!{ var(txn.key) -m len gt 0 }'),
        lookUp(`var(txn.key),sha2(256),hex,lower,map_str(${mapNamed('keys')})`),
        fail('unknown-key', '!{ var(txn.who) -m found }'),
        next('set-var(txn.until) var(txn.who),field(4,|)'),
        fail('expired-key', '{ date,sub(txn.until) gt 0 }'),
      ],
      strip: [
        step(`del-header ${header}`),
        ...(bearer ? [step('del-header authorization', '{ http_auth_bearer -m found }')] : []),
        ...(name === null ? [] : withoutParameter(name)),
      ],
      challenge: { format: `'ApiKey realm="gitway"'`, bearer: false },
      names: 'always',
    };
  },
};

/** Every copy goes, also those that were not read; with nothing left, the question mark as well. */
function withoutParameter(name: string): Step[] {
  const left = '{ var(txn.query) -m found }';
  return [
    step('set-var-fmt(txn.query) &%[query]', `{ query -m reg (^|[&;])${name}= }`),
    step(`set-var(txn.query) var(txn.query),regsub([&;]${name}=[^&;]*,,g),ltrim(&;)`, left),
    step('set-query %[var(txn.query)]', left),
    step('set-pathq %[path]', '{ var(txn.query) -m len 0 }'),
  ];
}
