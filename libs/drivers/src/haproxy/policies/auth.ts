import type { ApiUnit, AuthPolicy } from '@gitway/contracts';
import { denial, missingKey, suspended, unknownKey } from '../answers.ts';
import { native, no } from '../capability.ts';
import type { Checker } from '../checker.ts';
import type { Policy } from '../policy.ts';
import { HOP_HEADERS, ORIGIN_HEADERS, OWN_HEADERS } from '../requests.ts';
import { mapNamed, request, type Rule } from '../rule.ts';
import { fits, safe } from '../syntax.ts';

const settingsOfRefusedKinds = [
  'issuer',
  'audience',
  'keys',
  'algorithms',
  'cookie',
  'clockSkewMs',
  'scopeClaim',
  'consumerClaim',
  'anyCaller',
  'scopes',
  'claims',
  'realm',
  'ca',
  'url',
  'clientId',
  'clientSecret',
  'cacheForMs',
  'timeoutMs',
  'sendHeaders',
  'takeHeaders',
  'methods',
];

/**
 * Who calls: finds the key where the API says, looks its SHA-256 up (so comparing takes the same time for every key),
 * and takes the credential out before the request goes on. Leaves `txn.consumer` and `txn.plans`.
 */
export const auth: Policy = {
  capabilities: [
    native('api policy.auth.kind', '`none` or `apiKey`: SHA-256 of the key looked up in a map; 401 and 403'),
    ...['jwt', 'basic', 'mtls', 'introspection', 'forward', 'anyOf', 'allOf'].map((kind) =>
      no(`api policy.auth.kind=${kind}`),
    ),
    ...settingsOfRefusedKinds.map((setting) =>
      native(`api policy.auth.${setting}`, 'part of the kinds of authentication that are refused'),
    ),
    native('api policy.auth.header', '`req.fhdr`, removed before the upstream'),
    native('api policy.auth.bearer', '`http_auth_bearer`, removed before the upstream'),
    native('api policy.auth.query', '`url_param` at `&` and `;`, every copy removed before the upstream'),
    native('consumer keyHashes', 'keys of a map'),
    no('consumer keyExpiries', 'a key is good until it is taken out'),
    no('consumer jwt'),
    no('consumer mtls'),
    no('consumer basic'),
  ],
  check(api, on) {
    checkMethod(api.policy.auth, 'policy.auth', on);
    for (const [id, { auth: own }] of Object.entries(api.policy.operations ?? {})) {
      if (own !== undefined) checkMethod(own, `policy.operations.${id}.auth`, on);
    }
  },
  contribute: (scope) => ({
    rules: scope.each(({ policy }) => policy.auth).flatMap(({ value, when }) => identify(value, when)),
  }),
};

/** Read or dropped by the gateway itself before it looks for a key. */
const reservedHeader = new RegExp(
  `^(host|content-length|transfer-encoding|x-request-id|authorization)$|${HOP_HEADERS}|${OWN_HEADERS}|${ORIGIN_HEADERS}`,
  'i',
);

function checkMethod(method: ApiUnit['policy']['auth'], field: string, on: Checker): void {
  if (method.kind !== 'apiKey') return;
  const usable = fits('header', method.header) && !reservedHeader.test(method.header);
  on.require(usable, `${field}.header`, 'must be a header of its own: letters, digits, `-` and `_`');
  const query = method.query === null || fits('query', method.query);
  on.require(query, `${field}.query`, 'must be letters, digits, `-`, `_` and `~`');
}

function identify(method: AuthPolicy, when: readonly string[]): Rule[] {
  // Every other kind is refused before anything is rendered.
  if (method.kind !== 'apiKey') return [];
  const rule = (act: string, ...more: string[]) => request('identify', act, ...when, ...more);
  const header = safe('header', method.header.toLowerCase());
  const absent = '!{ var(txn.key) -m found }';
  const rules = [
    rule(`set-var(txn.key) req.fhdr(${header})`),
    rule(`del-header ${header}`),
    ...(method.bearer
      ? [
          rule('set-var(txn.key) http_auth_bearer', absent),
          rule('del-header authorization', '{ http_auth_bearer -m found }'),
        ]
      : []),
  ];
  if (method.query !== null) {
    const name = safe('query', method.query);
    // Every copy goes, also those that were not read; with nothing left, the question mark as well.
    const left = '{ var(txn.query) -m found }';
    rules.push(
      rule(`set-var(txn.key) url_param(${name}),url_dec`, absent),
      rule('set-var-fmt(txn.query) &%[query]', `{ query -m reg (^|[&;])${name}= }`),
      rule(`set-var(txn.query) var(txn.query),regsub([&;]${name}=[^&;]*,,g),ltrim(&;)`, left),
      rule('set-query %[var(txn.query)]', left),
      rule('set-pathq %[path]', '{ var(txn.query) -m len 0 }'),
    );
  }
  return [
    ...rules,
    rule(denial(missingKey), '!{ var(txn.key) -m len gt 0 }'),
    rule(`set-var(txn.who) var(txn.key),sha2(256),hex,lower,map_str(${mapNamed('keys')})`),
    rule(denial(unknownKey), '!{ var(txn.who) -m found }'),
    rule('set-var(txn.consumer) var(txn.who),field(1,|)'),
    rule('set-var(txn.plans) var(txn.who),field(3,|)'),
    rule(denial(suspended), '{ var(txn.who),field(2,|) -m str suspended }'),
    rule('set-header x-gitway-consumer %[var(txn.consumer)]'),
  ];
}
