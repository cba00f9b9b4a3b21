import { type ApiUnit, digestOf } from '@gitway/contracts';
import { deny, missingKey, suspended, unknownKey } from './answers.ts';
import { safe } from './syntax.ts';

export interface KeyScheme {
  /** Made from what the scheme says, so that APIs which agree share one set of rules. `-`: no authentication. */
  readonly id: string;
  readonly header: string;
  readonly bearer: boolean;
  readonly query: string | null;
}

export function schemeOf(api: ApiUnit): KeyScheme | null {
  const { auth } = api.policy;
  // Every other kind is refused before anything is rendered.
  if (auth.kind !== 'apiKey') return null;
  const scheme = { header: auth.header.toLowerCase(), bearer: auth.bearer, query: auth.query };
  return { id: `k${digestOf(scheme).slice('sha256-'.length, 'sha256-'.length + 10)}`, ...scheme };
}

/**
 * Who calls: finds the key where the API's scheme says, looks its SHA-256 up (so comparing takes the same time for
 * every key), and takes the credential out before the request goes on.
 */
export function authenticationRules(schemes: readonly KeyScheme[], keysMap: string): string[] {
  if (schemes.length === 0) return [];
  const lines: string[] = [];
  for (const { id, header, bearer, query } of schemes) {
    const here = `{ var(txn.auth) -m str ${id} }`;
    const absent = '!{ var(txn.key) -m found }';
    lines.push(`    http-request set-var(txn.key) req.fhdr(${safe('header', header)}) if ${here}`);
    lines.push(`    http-request del-header ${header} if ${here}`);
    if (bearer) {
      lines.push(`    http-request set-var(txn.key) http_auth_bearer if ${here} ${absent}`);
      lines.push(`    http-request del-header authorization if ${here} { http_auth_bearer -m found }`);
    }
    if (query !== null) {
      const name = safe('query', query);
      lines.push(`    http-request set-var(txn.key) url_param(${name}),url_dec if ${here} ${absent}`);
      // Every copy goes, also those that were not read; with nothing left, the question mark as well.
      const given = `{ query -m reg (^|[&;])${name}= }`;
      const left = '{ var(txn.query) -m found }';
      lines.push(
        `    http-request set-var-fmt(txn.query) &%[query] if ${here} ${given}`,
        `    http-request set-var(txn.query) var(txn.query),regsub([&;]${name}=[^&;]*,,g),ltrim(&;) if ${here} ${left}`,
        `    http-request set-query %[var(txn.query)] if ${here} ${left}`,
        `    http-request set-pathq %[path] if ${here} { var(txn.query) -m len 0 }`,
      );
    }
  }
  const asks = '{ var(txn.auth) -m beg k }';
  return [
    ...lines,
    deny(missingKey, `if ${asks} !{ var(txn.key) -m len gt 0 }`),
    `    http-request set-var(txn.who) var(txn.key),sha2(256),hex,lower,map_str(${keysMap}) if ${asks}`,
    deny(unknownKey, `if ${asks} !{ var(txn.who) -m found }`),
    `    http-request set-var(txn.consumer) var(txn.who),field(1,|) if ${asks}`,
    `    http-request set-var(txn.plans) var(txn.who),field(3,|) if ${asks}`,
    deny(suspended, `if ${asks} { var(txn.who),field(2,|) -m str suspended }`),
    `    http-request set-header x-gitway-consumer %[var(txn.consumer)] if { var(txn.consumer) -m found }`,
  ];
}
