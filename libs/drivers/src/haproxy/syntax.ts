import { isIPv4, isIPv6 } from 'node:net';
import { InvalidInputError } from '@gitway/errors';

/**
 * What may stand in a HAProxy configuration. Values from users are never escaped into place but have to match one of
 * these forms, each of which is free of white space, quotes, `\`, `$`, `#`, `%`-formats, brackets and line ends where
 * those mean something; what does not match is refused by `check` and, as a second guard, by `render`.
 */
const hostLabel = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const forms = {
  name: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  /** Host of a route: lower-case DNS name. */
  host: new RegExp(`^(?=.{1,253}$)${hostLabel}(\\.${hostLabel})*$`),
  /** RFC 3986 path characters; `'` is left out since it ends a quoted word, and `%` has to begin an encoded byte. */
  path: /^\/(?:[A-Za-z0-9._~!$&()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/,
  /** Reads the same however an upstream normalises it: `paths.ts` relies on that. */
  basePath: /^\/$|^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/,
  /** RFC 9110 token without the characters that HAProxy's own syntax uses. */
  header: /^[A-Za-z0-9_-]{1,64}$/,
  query: /^[A-Za-z0-9_~-]{1,64}$/,
  network: /^[0-9A-Fa-f.:]{2,45}(\/\d{1,3})?$/,
  /** Any RFC 9110 token, for places where it is quoted. */
  fieldName: /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/,
  method: /^[A-Z]{1,20}$/,
  keyHash: /^[0-9a-f]{64}$/,
  algorithm: /^[A-Z]{2}[0-9]{3}$/,
  digest: /^sha256-[0-9a-f]{64}$/,
  token: /^[A-Za-z0-9_-]{16,128}$/,
  directory: /^\/[A-Za-z0-9._@+/-]*$/,
} as const;

export type Form = keyof typeof forms;

export const fits = (form: Form, value: string) => forms[form].test(value);

/** The value itself, proven to be of that form. @throws InvalidInputError */
export function safe(form: Form, value: string): string {
  if (fits(form, value)) return value;
  throw new InvalidInputError(
    'unsafe-value',
    `${JSON.stringify(value.slice(0, 80))} cannot stand as a ${form} in HAProxy`,
  );
}

/** Target host: DNS name in any case, IPv4, or IPv6 with or without brackets. */
export function isTargetHost(host: string): boolean {
  return isIPv4(host) || isIPv6(bare(host)) || fits('host', host.toLowerCase());
}

const bare = (host: string) => (host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host);

/** How a target's address is written in a `server` line; the port follows the last colon. */
export function serverAddress(host: string, port: number): string {
  if (!isTargetHost(host))
    throw new InvalidInputError('unsafe-value', `${JSON.stringify(host.slice(0, 80))} is no host`);
  return isIPv6(bare(host)) ? `ipv6@${bare(host)}:${port}` : `${host.toLowerCase()}:${port}`;
}

/** `host:port`, `*:port` or `[v6]:port` of a listener. */
export function isBindAddress(address: string): boolean {
  const cut = address.lastIndexOf(':');
  const host = address.slice(0, cut);
  const port = address.slice(cut + 1);
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535 && (host === '*' || isTargetHost(host));
}

/** An IP address, or a range of them as in `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  if (more.length > 0 || (!isIPv4(address) && !isIPv6(address)) || address.includes('%')) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(address) ? 32 : 128));
}

/**
 * Any text as one word of the configuration, read literally: single quotes suspend every other meaning.
 * @throws InvalidInputError for control characters, which no line can hold
 */
export function quoted(text: string): string {
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw new InvalidInputError('unsafe-value', `${JSON.stringify(text.slice(0, 80))} has control characters`);
  }
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Any text where HAProxy expects a log format, as in `set-header`: `%` begins nothing. */
export const formatted = (text: string): string => quoted(text.replaceAll('%', '%%'));

/** Whether a line can hold the text. */
export const isPlain = (text: string): boolean => !/[\u0000-\u001f\u007f]/.test(text);
