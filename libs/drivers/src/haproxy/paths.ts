import { lookUp, type Routing } from './routes.ts';

/**
 * Upstreams differ in how they read a path: some decode it first, merge slashes, cut `;` parameters. So the route is
 * decided on the path as sent and on its normal form, and a request whose two routes differ is refused: it would be let
 * in by one API's rules and answered by what stands under another's. Paths without `%`, `;`, `//` or `\` have one form.
 *
 * Base paths are plain (`syntax.ts`), so reading the path less thoroughly than the normal form does cannot lead to an API
 * that neither route shows, provided that what follows a `;` reads the same before and after decoding; hence `unclear`.
 */
export function pathRules(routing: Routing): string[] {
  return [
    // Looked for once: most paths are not.
    '    http-request set-var(txn.odd) bool(true) if { path -m sub % ; // \\\\ }',
    '    acl odd var(txn.odd) -m found',
    // %c0, %c1, %e0%80–%e0%9f and %f0%80–%f0%8f begin overlong forms; %00 ends a path early.
    "    acl unclear path -m reg -i '%c[01]%[89ab]|%e0%[89]|%f0%8|%00|(;|%3b)[^/]*%(2f|3f|23)'",
    '    http-request deny deny_status 400 if { path -m sub /../ /./ } || { path -m end /.. /. }',
    '    http-request deny deny_status 400 if odd unclear',
    "    http-request set-var(txn.plain) 'path,url_dec' if odd",
    // A broken encoding decodes to nothing; what is still encoded was encoded twice.
    '    http-request deny deny_status 400 if odd !{ var(txn.plain) -m found }',
    "    http-request deny deny_status 400 if odd { var(txn.plain) -m reg -i '%[0-9a-f]{2}' }",
    // Before anything is cut as well: what is cut here, another reader keeps.
    '    acl climbs var(txn.plain) -m sub /../ /./ \\\\',
    '    acl climbs var(txn.plain) -m end /.. /.',
    '    http-request deny deny_status 400 if odd climbs',
    "    http-request set-var(txn.plain) 'var(txn.plain),field(1,?),field(1,#),regsub(;[^/]*,,g),regsub(//+,/,g)' if odd",
    '    http-request deny deny_status 400 if odd climbs',
    ...lookUp(routing, 'txn.meant', 'txn.plain', 'odd'),
    '    acl one_route var(txn.route),strcmp(txn.meant) eq 0',
    '    http-request deny deny_status 400 if odd !one_route',
  ];
}
