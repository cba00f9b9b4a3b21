const MAX_REPORTED = 20;

type Pointer = readonly (string | number)[];

/**
 * Every `$ref` from which only other `$ref`s are ever reached: `a` is `b`, and `b` is `a`. (A schema that contains
 * itself is no such thing: there is something between.) Within one document.
 */
export function circularReferences(root: unknown): Pointer[] {
  const circular: Pointer[] = [];
  const seen = new Set<object>();
  /** References known to end at something. */
  const sound = new Set<string>();

  const isCircular = (reference: string): boolean => {
    const passed = new Set<string>();
    for (let next: string | undefined = reference; next !== undefined && !sound.has(next);) {
      if (passed.has(next)) return true;
      passed.add(next);
      next = referenceOf(at(root, next));
    }
    for (const each of passed) sound.add(each);
    return false;
  };

  const visit = (value: unknown, pointer: Pointer): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || circular.length >= MAX_REPORTED) return;
    seen.add(value);
    const reference = referenceOf(value);
    if (reference !== undefined && isCircular(reference)) circular.push([...pointer, '$ref']);
    for (const [key, member] of Object.entries(value)) {
      if (typeof member === 'object' && member !== null) {
        visit(member, [...pointer, Array.isArray(value) ? Number(key) : key]);
      }
    }
  };
  visit(root, []);
  return circular;
}

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { $ref } = value as { $ref?: unknown };
  return typeof $ref === 'string' && $ref.startsWith('#') ? $ref : undefined;
}

/** What a local reference points at (RFC 6901); undefined where there is nothing. */
function at(root: unknown, reference: string): unknown {
  let value = root;
  for (const step of reference.replace(/^#\/?/, '').split('/')) {
    if (step === '') continue;
    const key = unescaped(step);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function unescaped(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // Not encoded: taken as it stands.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
