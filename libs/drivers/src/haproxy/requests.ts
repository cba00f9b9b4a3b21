import { denial, methodNotAllowed } from './answers.ts';

/** Only requests for a path are taken: no tunnel, no echo of what the gateway adds, no `*`. */
export function targetRules(): string[] {
  return [
    `    http-request ${denial(methodNotAllowed)} if { method CONNECT TRACE }`,
    '    http-request deny deny_status 400 if !{ path -m beg / }',
    // A whole URL goes on as its path, so that no upstream reads a host or a path out of it in another way.
    "    http-request deny deny_status 400 if !{ url -m beg / } !{ url -m reg -i '^https?://' }",
    '    http-request set-uri %[pathq] if !{ url -m beg / }',
  ];
}

/**
 * What is ours to state is dropped when a client states it, in every spelling: many upstreams read `_` and other
 * characters as `-`. Where a call came from is what the connection says, or a trusted proxy (`proxies.ts`), which is read before.
 */
export const OWN_HEADERS = '^x[^a-z0-9](gitway|forwarded)[^a-z0-9]';
export const ORIGIN_HEADERS = '^(forwarded|x[^a-z0-9](real[^a-z0-9]ip|original[^a-z0-9]url|rewrite[^a-z0-9]url))$';
/** Concern one connection, not the request. */
export const HOP_HEADERS = '^(connection|upgrade|http2-settings|keep-alive|proxy-connection)$';

/** Of hop-by-hop headers only those that open a WebSocket go on; `Connection` could name one of our headers. */
export function headerRules(): string[] {
  return [
    '    acl websocket req.fhdr(upgrade) -m str -i websocket',
    '    acl websockets req.fhdr_cnt(upgrade) gt 1',
    '    http-request set-var(txn.upgrade) bool(true) if websocket !websockets',
    // One look at each header.
    `    http-request del-header ${[OWN_HEADERS, ORIGIN_HEADERS, HOP_HEADERS].join('|')} -m reg`,
    '    http-request set-header connection upgrade if { var(txn.upgrade) -m found }',
    '    http-request set-header upgrade websocket if { var(txn.upgrade) -m found }',
  ];
}
