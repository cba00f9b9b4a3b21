import { type AllowedHost, parseAllowedHost } from './allowed-host.ts';

/** Allowed hosts by source; those under `*` are allowed to every source. */
export type RemoteRefs = ReadonlyMap<string, readonly AllowedHost[]>;

const sourceName = /^(\*|[a-z0-9]([a-z0-9-]*[a-z0-9])?)$/;

/**
 * `petstore=schemas.example.com,specs.example.com:8443;*=rules.example.com`: for each source its hosts.
 *
 * @returns what is wrong, with its place, as a sentence without what was given
 */
export function parseRemoteRefs(text: string): RemoteRefs | { readonly problem: string } {
  const refs = new Map<string, AllowedHost[]>();
  const parts = text.split(';');
  for (const [index, part] of parts.entries()) {
    const at = `part ${index + 1} (parts are separated by ";")`;
    if (part.trim() === '' && index === parts.length - 1) continue;
    const cut = part.indexOf('=');
    const source = part.slice(0, Math.max(0, cut)).trim();
    if (cut === -1 || !sourceName.test(source))
      return { problem: `${at} does not begin with the name of a source, or *, and "="` };
    if (refs.has(source)) return { problem: `${at} is about a source that an earlier part is about` };
    const hosts: AllowedHost[] = [];
    for (const [number, written] of part
      .slice(cut + 1)
      .split(',')
      .entries()) {
      const host = parseAllowedHost(written);
      if ('problem' in host) return { problem: `${at}: host ${number + 1} ${host.problem}` };
      hosts.push(host);
    }
    refs.set(source, hosts);
  }
  return refs;
}

/** What a source may refer to. */
export const hostsOf = (refs: RemoteRefs, source: string): readonly AllowedHost[] => [
  ...(refs.get(source) ?? []),
  ...(refs.get('*') ?? []),
];
