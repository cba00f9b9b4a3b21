import { z } from 'zod';

const unitMs: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function parseMs(text: string): number | null {
  if (!/^(\d{1,12}(ms|s|m|h|d))+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) total += Number(amount) * unitMs[unit as string]!;
  return Number.isSafeInteger(total) ? total : null;
}

/** A duration as people write it (`250ms`, `10m`, `1h30m`), as milliseconds. */
export function durationVariable(defaultValue: string) {
  const fallback = parseMs(defaultValue);
  if (fallback === null) throw new TypeError(`${defaultValue} is not a duration`);
  return z
    .string()
    .transform((text, context) => {
      const ms = parseMs(text.trim());
      if (ms !== null) return ms;
      context.addIssue({ code: 'custom', message: 'must be a duration as in 250ms, 30s, 10m or 1h30m' });
      return z.NEVER;
    })
    .default(fallback);
}

/** A whole number within bounds. */
export function integerVariable(bounds: { min: number; max: number; default?: number }) {
  const parsed = z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= bounds.min && value <= bounds.max) return value;
    context.addIssue({ code: 'custom', message: `must be a whole number from ${bounds.min} to ${bounds.max}` });
    return z.NEVER;
  });
  return bounds.default === undefined ? parsed : parsed.default(bounds.default);
}

/** `true` or `false`, also written `1`/`0`, `yes`/`no`, `on`/`off`. */
export function booleanVariable(defaultValue: boolean) {
  return z
    .string()
    .transform((text, context) => {
      const word = text.trim().toLowerCase();
      if (['true', '1', 'yes', 'on'].includes(word)) return true;
      if (['false', '0', 'no', 'off'].includes(word)) return false;
      context.addIssue({ code: 'custom', message: 'must be true or false' });
      return z.NEVER;
    })
    .default(defaultValue);
}

/** A variable that holds JSON, checked against `schema`. */
export function jsonVariable<T extends z.ZodType>(schema: T) {
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** A URL of one of these schemes; kept as it was written. */
export function urlVariable(...schemes: string[]) {
  return z.string().refine(
    (text) => {
      try {
        return schemes.includes(new URL(text).protocol.slice(0, -1));
      } catch {
        return false;
      }
    },
    { message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}` },
  );
}
