import { ownDetectors } from './own-detectors.ts';

/** A stretch of a text that should not be there. What it says is nobody's business: only where, and of what kind. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** With its article, as in `a private key`. */
  readonly what: string;
}

/** A text is looked at up to here; files of resources are smaller, documents rarely as large. */
const MAX_LENGTH = 16_000_000;
const MAX_SPANS = 100;

/** Whatever its vendor, a key is a long run of letters and digits, a PEM block, or stands in a URL before an `@`. */
const mayHoldKeys =
  /-----BEGIN |:\/\/[^\s/"'@]*@|(?<![\w+/=-])(?=[A-Za-z_+/=-]{0,4096}\d)(?=[\d_+/=-]{0,4096}[A-Za-z])[\w+/=-]{16}/;

/** Loaded when the first text asks for it. */
async function vendorForms(content: string) {
  if (!mayHoldKeys.test(content)) return [];
  const [{ lintSource }, { creator }] = await Promise.all([
    import('@secretlint/core'),
    import('@secretlint/secretlint-rule-preset-recommend'),
  ]);
  const { messages } = await lintSource({
    // One of its rules would open the file of this name if it were not for `noPhysicFilePath`; it names nothing.
    source: { filePath: 'text', content, ext: '', contentType: 'text' },
    options: {
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator, options: {} }] },
      noPhysicFilePath: true,
      maskSecrets: true,
    },
  });
  return messages;
}

/**
 * Secrets in a text, in order, none overlapping another. Secretlint looks for the forms of keys that vendors give out;
 * our own detectors look at what resources say. Neither opens a file: what is looked at is what is given.
 */
export async function detectSecrets(text: string, kind: 'resources' | 'document'): Promise<SecretSpan[]> {
  const content = text.slice(0, MAX_LENGTH);
  const messages = await vendorForms(content);
  const spans = messages.map(({ range, ruleId, messageId }): SecretSpan => {
    const [start, end] = range;
    return narrowed(content, { start, end, what: whatOf(ruleId, messageId) });
  });
  for (const detect of ownDetectors) if (detect.in.includes(kind)) spans.push(...detect.find(content));
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: SecretSpan[] = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (last === undefined || span.start >= last.end) apart.push(span);
    else if (span.end > last.end) apart[apart.length - 1] = { ...last, end: span.end };
  }
  return apart.slice(0, MAX_SPANS);
}

/** Of a URL with credentials the password alone: the rest may be said. */
function narrowed(text: string, span: SecretSpan): SecretSpan {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s@]+)@/i.exec(text.slice(span.start, span.end));
  if (found === null) return span;
  const start = span.start + found[0].length - 1 - found[1]!.length;
  return { start, end: start + found[1]!.length, what: 'a password in a URL' };
}

const words: Readonly<Record<string, string>> = {
  privatekey: 'a private key',
  basicauth: 'a password in a URL',
  'database-connection-string': 'a password of a database',
  aws: 'a key of AWS',
  gcp: 'a key of Google Cloud',
  azure: 'a key of Azure',
  github: 'a token of GitHub',
  gitlab: 'a token of GitLab',
  npm: 'a token of npm',
  slack: 'a token of Slack',
  sendgrid: 'a key of SendGrid',
  shopify: 'a key of Shopify',
  openai: 'a key of OpenAI',
  anthropic: 'a key of Anthropic',
  linear: 'a key of Linear',
  '1password': 'a token of 1Password',
};

/** From the detector's ids alone: its messages may quote what it found. */
function whatOf(ruleId: string, messageId: string): string {
  const id = /secretlint-rule-(.+)$/.exec(ruleId)?.[1] ?? '';
  return words[id] ?? `a secret (${/^[\w-]{1,60}$/.test(id) ? id : messageId.replaceAll(/\W/g, '').slice(0, 60)})`;
}
