/** A host whose files documents may refer to: this scheme, name and port, and no other. */
export interface AllowedHost {
  readonly scheme: 'https' | 'http';
  /** As a URL writes it. */
  readonly host: string;
  readonly port: number;
  /** Whether it may stand in a private network: what was named with its port, or as an address. */
  readonly mayBePrivate: boolean;
}

const usualPorts = { https: 443, http: 80 } as const;
const form = /^(?:([a-z][a-z0-9+.-]*):\/\/)?([^/?#]*)(.*)$/is;

/** @returns what is wrong with it, as the end of a sentence; it repeats nothing of what was given */
export function parseAllowedHost(text: string): AllowedHost | { readonly problem: string } {
  const [, scheme = 'https', authority = '', rest = ''] = form.exec(text.trim()) ?? [];
  const problem = problemOf(scheme.toLowerCase(), authority, rest);
  if (problem !== undefined) return { problem };
  const written = scheme.toLowerCase() as 'https' | 'http';
  const url = URL.canParse(`${written}://${authority}`) ? new URL(`${written}://${authority}`) : undefined;
  if (url === undefined || url.hostname === '' || /:0*$/.test(authority))
    return { problem: 'is no host; write it as in schemas.example.com or specs.example.com:8443' };
  const named = /:\d+$/.test(authority);
  const isAddress = /^\[|^\d+(\.\d+){3}$/.test(url.hostname);
  return {
    scheme: written,
    host: url.hostname,
    port: url.port === '' ? usualPorts[written] : Number(url.port),
    mayBePrivate: named || isAddress,
  };
}

function problemOf(scheme: string, authority: string, rest: string): string | undefined {
  if (scheme !== 'https' && scheme !== 'http') return 'has another scheme than https or http';
  if (authority.includes('@')) return 'holds credentials; what is referred to is read without any';
  if (authority.includes('*')) return 'is a pattern; hosts are allowed one by one';
  if (rest !== '' && rest !== '/') return 'holds a path; a host is allowed as a whole';
  if (/[\s,;=\\%]/.test(authority) || authority.length > 260) return 'holds a character that no host has';
  return undefined;
}

/** The entry that allows a URL. */
export function allowedBy(hosts: readonly AllowedHost[], text: string): AllowedHost | undefined {
  const { protocol, hostname, port } = new URL(text);
  return hosts.find(
    ({ scheme, host, port: allowed }) =>
      protocol === `${scheme}:` && hostname === host && (port === '' ? usualPorts[scheme] : Number(port)) === allowed,
  );
}
