/** Stands between two braces of a document while Spectral looks at it; in a private use area. */
const BETWEEN = '\uE000';

/**
 * The value without `{{`, in keys and strings: Spectral replaces `{{…}}` in messages, and evaluates `#{{…}}`, after it
 * has put parts of the document into them. What has none is given back as it is.
 */
export function withoutTemplates(value: unknown): unknown {
  return hasTemplates(value, new Set()) ? replaced(value, new Map()) : value;
}

/** A text of Spectral's as its document has it. */
export const withTemplates = (text: string): string => text.replaceAll(BETWEEN, '');

function hasTemplates(value: unknown, seen: Set<object>): boolean {
  if (typeof value === 'string') return value.includes('{{');
  if (typeof value !== 'object' || value === null || seen.has(value)) return false;
  seen.add(value);
  return Object.entries(value).some(([key, member]) => key.includes('{{') || hasTemplates(member, seen));
}

function replaced(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value === 'string') return value.replaceAll(/\{(?=\{)/g, `{${BETWEEN}`);
  if (typeof value !== 'object' || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const copy = Array.isArray(value)
    ? value.map((item) => replaced(item, known))
    : Object.fromEntries(Object.entries(value).map(([key, member]) => [replaced(key, known), replaced(member, known)]));
  known.set(value, copy);
  return copy;
}
