import { isNetwork } from './syntax.ts';
import { InvalidInputError } from '@gitway/errors';

/** Proxies in a row whose word is taken; who is behind more of them is taken for the ninth. */
const MOST = 8;

/**
 * Whose call it is where proxies stand in front: `X-Forwarded-For` from the right, as long as who says it is trusted.
 * An entry that is no address ends the walk, since everything to its left is anybody's word.
 */
export function proxyRules(trusted: readonly string[]): string[] {
  if (trusted.length === 0) return [];
  const hop = '{ var(txn.hop) -m found }';
  return [
    ...trusted.map((range) => `    acl trusted_proxy src ${network(range)}`),
    '    http-request set-var(txn.proxied) bool(true) if trusted_proxy',
    '    http-request set-var(txn.proto) req.hdr(x-forwarded-proto,-1),lower if trusted_proxy',
    ...Array.from({ length: MOST }, (_, index) => {
      const walking = '{ var(txn.proxied) -m found }';
      return [
        '    http-request unset-var(txn.hop)',
        `    http-request set-var(txn.hop) req.hdr_ip(x-forwarded-for,-${index + 1}) if ${walking}`,
        `    http-request set-src var(txn.hop) if ${hop}`,
        `    http-request unset-var(txn.proxied) if ${walking} !${hop} || ${walking} !trusted_proxy`,
      ];
    }).flat(),
  ];
}

/** @throws InvalidInputError */
function network(range: string): string {
  if (isNetwork(range)) return range;
  throw new InvalidInputError('unsafe-value', `${JSON.stringify(range.slice(0, 80))} is no address or range`);
}

/** Over what the client called: the connection, or what a trusted proxy says of its own. */
export function protoRules(secure: boolean, proxied: boolean): string[] {
  const rule = (proto: string, condition = '') => `    http-request set-header x-forwarded-proto ${proto}${condition}`;
  return [
    rule('http'),
    ...(secure ? [rule('https', ' if { ssl_fc }')] : []),
    ...(proxied ? ['http', 'https'].map((proto) => rule(proto, ` if { var(txn.proto) -m str ${proto} }`)) : []),
  ];
}
