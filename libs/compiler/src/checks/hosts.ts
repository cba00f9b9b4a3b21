import type { CompiledApi } from '../environment/compile-api.ts';

export const anyHost = '*';

export const hostsOf = ({ unit }: CompiledApi): readonly string[] =>
  unit.route.hosts.length === 0 ? [anyHost] : unit.route.hosts;

/** The claims that a more exact one on `host` comes before: wildcards, the longest first, then any host. */
export function broaderThan(host: string): string[] {
  if (host === anyHost) return [];
  const labels = host.replace(/^\*\./, '').split('.').slice(1);
  return [...labels.map((_, index) => `*.${labels.slice(index).join('.')}`), anyHost];
}

/** `/a` covers itself and all that is below it. */
export const coversPath = (basePath: string, path: string) =>
  basePath === '/' || path === basePath || path.startsWith(`${basePath}/`);

/** The base paths above `basePath`, the nearest first: `/a/b` lies below `/a` and `/`. */
export function basePathsAbove(basePath: string): string[] {
  const above: string[] = [];
  for (let end = basePath.lastIndexOf('/'); basePath !== '/' && end >= 0; end = basePath.lastIndexOf('/', end - 1)) {
    above.push(end === 0 ? '/' : basePath.slice(0, end));
    if (end === 0) break;
  }
  return above;
}

/**
 * Who claims what: host and base path → the first API in order of name that claims it. An API with conditions on the
 * request, or for some listeners alone, leaves the rest to others.
 */
export function claimsOf(apis: readonly CompiledApi[]): Map<string, CompiledApi> {
  const claims = new Map<string, CompiledApi>();
  for (const api of apis) {
    if (api.unit.route.match !== undefined || api.unit.route.listeners !== undefined) continue;
    for (const host of hostsOf(api)) {
      const key = claimKey(host, api.unit.route.basePath);
      if (!claims.has(key)) claims.set(key, api);
    }
  }
  return claims;
}

export const claimKey = (host: string, basePath: string) => `${host} ${basePath}`;
