import type { Target } from '@gitway/contracts';

export type UpstreamUrl = Omit<Target, 'weight'> | { readonly problem: string; readonly hint: string };

/** The server that an upstream URL names: scheme, host and port, and nothing else. */
export function parseUpstreamUrl(text: string): UpstreamUrl {
  const example = 'Write it as in `http://petstore.internal:8080`.';
  const refuse = (problem: string, hint = example) => ({ problem, hint });
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return refuse('has no scheme', `Begin it with \`http://\` or \`https://\`. ${example}`);
  if (scheme !== 'http' && scheme !== 'https')
    return refuse(`has the scheme \`${scheme}\`; upstreams speak http or https`);
  if (/[\s\p{Cc}\\]/u.test(text)) return refuse('holds white space, a control character or a backslash');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return refuse(explainAuthority(text));
  }
  if (url.username !== '' || url.password !== '')
    return refuse('holds credentials', 'Never put a secret into Git; take user and password out.');
  if (url.pathname !== '/' && url.pathname !== '') {
    return refuse(
      `has the path \`${url.pathname.slice(0, 80)}\`, which would not be sent`,
      'Name the server alone; the path of a call comes from its caller.',
    );
  }
  if (url.search !== '' || url.hash !== '')
    return refuse('has a query or a fragment, which would not be sent', 'Name the server alone.');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!isHost(url.hostname)) return refuse(`has a host name that is none, \`${host.slice(0, 80)}\``);
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  if (port === 0) return refuse('has port 0', 'Ports are 1 to 65535.');
  return { scheme, host, port };
}

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const hostName = new RegExp(`^${label}(\\.${label})*\\.?$`);
const isHost = (hostname: string) => hostname.startsWith('[') || (hostname.length <= 253 && hostName.test(hostname));

function explainAuthority(text: string): string {
  const authority = /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  if (authority === '' || authority.startsWith(':')) return 'names no host';
  const port = /:([^:\]]*)$/.exec(authority)?.[1];
  if (port !== undefined && (!/^\d+$/.test(port) || Number(port) > 65535))
    return `has the port \`${port.slice(0, 20)}\`, which is none`;
  return 'is not a URL';
}
