import type { Finding, Location, Range } from '@gitway/contracts';
import { speaksOfSecret } from './secret-findings.ts';

const MASK = '•';
/** Shorter stretches that a message shares with a secret are chance. */
const MIN_SHARED = 6;

/** The text of `path` with every secret that was found in it masked; each character keeps its line and column. */
export function maskSecrets(path: string, text: string, findings: readonly Finding[]): string {
  const ranges = findings.flatMap((item) =>
    speaksOfSecret(item) && item.where.file === path && item.where.range !== undefined ? [item.where.range] : [],
  );
  if (ranges.length === 0) return text;
  const lines = text.split('\n');
  for (const range of ranges) {
    for (let number = range.line; number <= Math.min(range.endLine, lines.length); number++) {
      const [from, to] = columnsIn(range, number, lines[number - 1]!);
      const line = lines[number - 1]!;
      lines[number - 1] = line.slice(0, from) + line.slice(from, to).replaceAll(/[^\r]/g, MASK) + line.slice(to);
    }
  }
  return lines.join('\n');
}

/** The secrets themselves, line by line, from the files in which findings found them. For hiding, and nothing else. */
export function secretsIn(path: string, text: string, findings: readonly Finding[]): string[] {
  const lines = text.split('\n');
  return findings.flatMap((item) => {
    const { range, file } = item.where;
    if (!speaksOfSecret(item) || file !== path || range === undefined) return [];
    const secrets: string[] = [];
    for (let number = range.line; number <= Math.min(range.endLine, lines.length); number++) {
      const line = lines[number - 1]!;
      const secret = line.slice(...columnsIn(range, number, line)).trim();
      if (secret.length >= 3 && !/^-----.*-----$/.test(secret)) secrets.push(secret);
    }
    return secrets;
  });
}

/** A finding that repeats none of the secrets, not even the beginning of one that it cut short. */
export function withoutSecrets<F extends Finding>(item: F, secrets: readonly string[]): F {
  const hide = (text: string) => secrets.reduce(hideOne, text);
  const place = (where: Location): Location => ({
    ...where,
    ...(where.object === undefined ? {} : { object: hide(where.object) }),
    ...(where.field === undefined ? {} : { field: hide(where.field) }),
  });
  return {
    ...item,
    where: place(item.where),
    message: hide(item.message),
    ...(item.hint === undefined ? {} : { hint: hide(item.hint) }),
    ...(item.related === undefined
      ? {}
      : { related: item.related.map(({ where, message }) => ({ where: place(where), message: hide(message) })) }),
  };
}

function hideOne(text: string, secret: string): string {
  const start = secret.slice(0, Math.min(secret.length, MIN_SHARED));
  let hidden = '';
  let from = 0;
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, from)) {
    let end = at + start.length;
    while (end < text.length && end - at < secret.length && text[end] === secret[end - at]) end++;
    hidden += `${text.slice(from, at)}${MASK.repeat(4)}`;
    from = end;
  }
  return hidden + text.slice(from);
}

/** From the first column of a range in a line to the one after its last, counted from 0. */
function columnsIn(range: Range, number: number, line: string): [number, number] {
  return [number === range.line ? range.column - 1 : 0, number === range.endLine ? range.endColumn - 1 : line.length];
}
