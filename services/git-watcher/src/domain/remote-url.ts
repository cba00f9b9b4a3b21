import { InvalidInputError } from '@gitway/errors';
import ipaddr from 'ipaddr.js';

/**
 * Where a repository lies. Judged before any process or connection is made from it.
 *
 * - **public**: an address that anybody on the internet can reach. Anything else (loopback, private, link-local with
 *   its metadata services) needs `allowPrivate` on the source.
 * - **display**: the URL without credentials: the only form that is stored, logged or put into an event.
 */
export interface RemoteUrl {
  readonly transport: 'https' | 'http' | 'ssh' | 'file';
  readonly display: string;
  /** Without brackets; empty for `file`. */
  readonly host: string;
  /** The port that is connected to; 0 for `file`. */
  readonly port: number;
}

export interface RemotePolicy {
  /** Allows addresses that are not public, and ports below 1024 other than the scheme's own. */
  readonly allowPrivate: boolean;
  /** Allows `file://` and absolute paths: whatever this process can read. */
  readonly allowLocal: boolean;
}

const MAX_URL_LENGTH = 2000;
const defaultPorts = { https: 443, http: 80, ssh: 22 } as const;
const hostName = /^[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?$/i;
const userName = /^[a-z0-9_][a-z0-9._@+-]*$/i;
/** Printable ASCII without what a shell, a header or a configuration file would read as its own. */
const pathCharacters = /^[A-Za-z0-9\-._~!$&'()*+,;=:@%/]*$/;

/** @throws InvalidInputError `bad-repository-url` that says what is wrong; it never repeats a password. */
export function parseRemoteUrl(text: string, policy: RemotePolicy): RemoteUrl {
  if (text.length > MAX_URL_LENGTH) refuse(`is longer than ${MAX_URL_LENGTH} characters`);
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x20\x7f-\uffff"\\^`{}|<>]/.test(text)) {
    refuse('holds a space, a control character or one that has to be percent-encoded');
  }
  if (text.startsWith('-')) refuse('starts with "-", which git would take for an option');
  if (/^[a-z0-9+.-]+::/i.test(text)) refuse('names a remote helper ("<helper>::"), which could run any program');
  if (text.startsWith('/')) return localRemote(text, policy);

  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return scpRemote(text, policy);
  if (scheme === 'file') return localRemote(text.slice('file://'.length), policy);
  if (scheme !== 'https' && scheme !== 'http' && scheme !== 'ssh') {
    refuse(`has the scheme "${scheme}"; use https://, http:// or ssh://`);
  }
  const rest = text.slice(scheme.length + 3);
  const slash = rest.indexOf('/');
  if (slash < 0 || slash === rest.length - 1) refuse('names no repository after its host');
  const authority = rest.slice(0, slash);
  const path = rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? null : authority.slice(0, at);
  const { host, port } = hostAndPort(authority.slice(at + 1), defaultPorts[scheme]);
  if (user !== null) {
    if (scheme !== 'ssh' || user.includes(':')) {
      refuse('holds credentials; put them into the source\'s "username" and "token" (or "tokenFile")');
    }
    if (!userName.test(user)) refuse('has a user name that cannot be one');
  }
  checkPath(path);
  checkAddress(host, port, defaultPorts[scheme], policy);
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const shownPort = port === defaultPorts[scheme] ? '' : `:${port}`;
  const display = `${scheme}://${user === null ? '' : `${user}@`}${shownHost}${shownPort}${path}`;
  return { transport: scheme, display, host, port };
}

function hostAndPort(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(\[[0-9a-f:.]+\]|[^:]*)(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return refuse('has a host or port that cannot be one');
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  if (port < 1 || port > 65_535) refuse('has a port that cannot be one');
  const host = match[1]!.toLowerCase();
  if (host.startsWith('[')) {
    const address = host.slice(1, -1);
    return ipaddr.IPv6.isValid(address) ? { host: address, port } : refuse('has a host that cannot be one');
  }
  if (host.startsWith('-')) refuse('has a host that starts with "-", which ssh would take for an option');
  if (host.length > 253 || !hostName.test(host)) refuse('has a host that cannot be one');
  return { host, port };
}

/** `user@host:path`, the short form of ssh. */
function scpRemote(text: string, policy: RemotePolicy): RemoteUrl {
  const match = /^(?:([^@:/]+)@)?([^@:/]+):(?!\/\/)(.+)$/.exec(text);
  if (!match) return refuse('is no URL; write it as https://host/path.git or ssh://git@host/path.git');
  const [, user, hostText, path] = match;
  if (user !== undefined && !userName.test(user)) refuse('has a user name that cannot be one');
  const { host } = hostAndPort(hostText!, 22);
  if (path!.startsWith('-')) refuse('has a path that starts with "-"');
  checkPath(path!);
  checkAddress(host, 22, 22, policy);
  return { transport: 'ssh', display: `${user === undefined ? '' : `${user}@`}${host}:${path}`, host, port: 22 };
}

function localRemote(path: string, policy: RemotePolicy): RemoteUrl {
  if (!policy.allowLocal) refuse('is a path on this machine; a source has to allow that with "allowLocal": true');
  if (!path.startsWith('/')) refuse('is a file URL with a host; write file:///absolute/path');
  checkPath(path);
  return { transport: 'file', display: `file://${path}`, host: '', port: 0 };
}

function checkPath(path: string): void {
  if (!pathCharacters.test(path)) refuse('has a path with characters that have to be percent-encoded');
  let decoded = '';
  try {
    decoded = decodeURIComponent(path);
  } catch {
    refuse('has a "%" in its path that encodes nothing');
  }
  if (/(^|\/)\.\.(\/|$)/.test(decoded)) refuse('has ".." in its path');
  // oxlint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(decoded)) refuse('has an encoded control character in its path');
}

function checkAddress(host: string, port: number, ownPort: number, policy: RemotePolicy): void {
  if (policy.allowPrivate) return;
  if (port !== ownPort && port < 1024) refuse(`uses port ${port}, which is not one for Git`);
  // Number-like hosts (`2130706433`, `0177.1`, `0x7f.1`) are addresses to a resolver, whatever they look like.
  const numberLike = /^(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+))*\.?$/i.test(host);
  const privateName = /(^|\.)(localhost|local|internal)\.?$/i.test(host);
  const address = ipaddr.isValid(host) ? ipaddr.process(host) : null;
  const plain = address !== null && (host.includes(':') || address.toString() === host);
  if (privateName || (numberLike && !plain) || (address !== null && address.range() !== 'unicast')) {
    refuse('leads to an address that is not public; a source has to allow that with "allowPrivate": true');
  }
}

function refuse(what: string): never {
  throw new InvalidInputError('bad-repository-url', `The repository URL ${what}.`);
}
