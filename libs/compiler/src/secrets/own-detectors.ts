import type { SecretSpan } from './detect-secrets.ts';

interface Detector {
  readonly in: readonly ('resources' | 'document')[];
  find(text: string): SecretSpan[];
}

/** Spans of the group `secret` of every match that is one. */
function byPattern(
  what: string,
  pattern: RegExp,
  isSecret: (value: string) => boolean,
  ...kinds: Detector['in']
): Detector {
  return {
    in: kinds,
    find: (text) =>
      [...text.matchAll(pattern)].flatMap((match): SecretSpan[] => {
        const secret = match.groups!['secret']!;
        if (!isSecret(secret)) return [];
        const start = match.index + match[0].lastIndexOf(secret);
        return [{ start, end: start + secret.length, what }];
      }),
  };
}

/** Stands for a value that comes from elsewhere, or for none. */
const isPlaceholder = (value: string) => /^(\$\{|<|\{|\*+$|x+$|\.+$|…)/i.test(value);
const looksRandom = (value: string) =>
  !isPlaceholder(value) &&
  /\d/.test(value) &&
  /[A-Za-z]/.test(value) &&
  !/^([/.~]|[a-z][a-z0-9+.-]*:)/.test(value) &&
  // Names of things are words joined by hyphens or dots; keys are not.
  (!/^[a-z0-9]+([-._][a-z0-9]+)+$/.test(value) || /\d[a-z]+\d[a-z]+\d/.test(value));

const quote = `["']?`;
const value = `(?<secret>[^\\s"',#{}\\[\\]]{8,4096})`;

export const ownDetectors: readonly Detector[] = [
  byPattern(
    'an API key where its SHA-256 belongs',
    new RegExp(`\\bsha256${quote}[ \\t]*:[ \\t]*${quote}${value}`, 'g'),
    // A hash that lost or gained a digit is a slip and no secret.
    (secret) => !isPlaceholder(secret) && !/^[0-9a-f]{56,72}$/i.test(secret),
    'resources',
  ),
  byPattern(
    'an API key where its SHA-256 belongs',
    // The key itself as the entry of the list, or under a name that the list does not know.
    new RegExp(
      `\\bapiKeys${quote}[ \\t]*:\\s{0,200}(?:\\[\\s{0,200}|-[ \\t]+)(?:\\{[ \\t]*)?(?:${quote}(?:key|value|apiKey)${quote}[ \\t]*:[ \\t]*)?${quote}(?!\\w+${quote}[ \\t]*:)${value}`,
      'g',
    ),
    (secret) => !isPlaceholder(secret),
    'resources',
  ),
  byPattern(
    'a key',
    new RegExp(`(?<![\\w-])key${quote}[ \\t]*:[ \\t]*${quote}${value}`, 'g'),
    (secret) => secret.length >= 16 && !/[./:]/.test(secret) && looksRandom(secret),
    'resources',
  ),
  byPattern('a key of Stripe', /\b(?<secret>[rs]k_live_[A-Za-z0-9]{16,250})/g, () => true, 'resources', 'document'),
  byPattern(
    'a password in a URL',
    /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>{}]{0,200}:(?<secret>[^\s/@"'<>{}]{3,500})@/gi,
    (secret) => !isPlaceholder(secret),
    'resources',
  ),
  byPattern(
    'credentials of an Authorization header',
    new RegExp(
      `\\b(?:proxy-)?authorization${quote}[ \\t]*[:,][ \\t]*(?:value[ \\t]*:[ \\t]*)?${quote}(?:bearer|basic|token|apikey)[ \\t]+${value}`,
      'gi',
    ),
    (secret) => !isPlaceholder(secret),
    'resources',
  ),
  byPattern(
    'a key in a header',
    new RegExp(
      `\\b(?:x-)?(?:api-?key|auth-token|access-token|gitlab-token|vault-token|functions-key|subscription-key)${quote}[ \\t]*[:,][ \\t]*(?:value[ \\t]*:[ \\t]*)?${quote}${value}`,
      'gi',
    ),
    looksRandom,
    'resources',
  ),
  byPattern(
    'a secret under a name that says so',
    new RegExp(
      `(?:password|passwd|passphrase|secret|token|api_?key|private_?key|credential)${quote}[ \\t]*:[ \\t]*${quote}${value}`,
      'gi',
    ),
    looksRandom,
    'resources',
  ),
];
