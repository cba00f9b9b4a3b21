import { digestOfBytes, formatDuration } from '@gitway/contracts';
import { compare, isObject, type Json } from '../diff/json.ts';

const MAX_SHOWN = 200;
const SHOWN_ITEMS = 8;

/** Members whose values may be secrets. `secret` alone names one and holds none. */
const secretName =
  /(^|[^a-z])(authorization|cookie|password|passwd|passphrase|token|credentials?|signature|(api|access|private|secret|auth)[-_]?key)s?$/i;
/** User name → password hash. */
const secretRecord = /(^|\.)basic(\.|\[|$)/;

/** The last name of a path: `a.b[x-y]` → `x-y`. */
const lastOf = (path: string) =>
  /(?:\[([^\]]*)\]|([^.[\]]+))(?: \(order\))?$/.exec(path)?.slice(1).find(Boolean) ?? path;
const isSecret = (path: string) =>
  secretRecord.test(path) || secretName.test(lastOf(path).replaceAll(/([a-z])([A-Z])/g, '$1-$2'));

/**
 * A value as a plan shows it: on one line, short, durations as people write them, hashes and certificates by their
 * first digits, and nothing of what may be a secret.
 *
 * @param path where it stands, which says what it is
 */
export function showValue(value: Json | undefined, path: string): string | null {
  if (value === undefined || value === null) return null;
  return cut(show(value, path), MAX_SHOWN);
}

function show(value: Json, path: string): string {
  if (isSecret(path) && typeof value !== 'boolean') return '(redacted)';
  if (typeof value === 'number') return path.endsWith('Ms') ? formatDuration(value) : String(value);
  if (typeof value === 'string') return showText(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return listed(
      entries
        .sort(([a], [b]) => compare(a, b))
        .map(([key, member]) => `${key.replace(/Ms$/, '')}: ${show(member!, `${path}.${key}`)}`),
    );
  }
  const items = value.map((item) => (isObject(item) ? `{${show(item, path)}}` : show(item, path)));
  return items.length === 0 ? 'none' : listed(items);
}

function showText(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return shortHash(text);
  if (/^sha256-[0-9a-f]{64}$/.test(text)) return shortHash(text.slice(7));
  if (text.includes('-----BEGIN ')) return `PEM ${shortHash(digestOfBytes(text).slice(7))}`;
  const address = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/@\s]*@)?([^?#\s]*)([?#].*)?$/i.exec(text);
  if (address !== null) return `${address[1]!}${address[2]!}${address[3] === undefined ? '' : '?…'}`;
  return text;
}

/** A path without hashes that are members of it. */
export const shownPath = (path: string) => cut(path.replaceAll(/[0-9a-f]{64}/g, shortHash), 200);

/** `1f2e3d4c…`: enough to tell apart, too little to use. */
export const shortHash = (hex: string) => `${hex.slice(0, 8)}…`;

const listed = (items: readonly string[]) =>
  items.length <= SHOWN_ITEMS
    ? items.join(', ')
    : `${items.slice(0, SHOWN_ITEMS).join(', ')} and ${items.length - SHOWN_ITEMS} more`;

export const cut = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

/** `1 key`, `2 keys`. */
export const counted = (count: number, one: string, many = `${one}s`) =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** `1,204`. */
export const grouped = (count: number) => String(count).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');

/** Names with a bound: `a, b and 3 more`. */
export const namesOf = (names: readonly string[], shown = 5) =>
  names.length <= shown ? names.join(', ') : `${names.slice(0, shown).join(', ')} and ${names.length - shown} more`;
