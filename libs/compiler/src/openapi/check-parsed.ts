import { openApiLimits } from '@gitway/resources';

type Refusal = { readonly rule: 'document-too-complex' | 'yaml-unsupported'; readonly message: string };

/**
 * What keeps a parsed document from being used: depth, size with aliases written out, and values that JSON does not
 * have; all in one walk that visits each object once. Who walks the document later meets what stands behind an alias
 * each time, so that may not be much more than what is really there.
 */
export function checkParsed(root: unknown): Refusal | undefined {
  const sizes = new Map<object, number>();
  let members = 0;
  const measure = (value: unknown, depth: number): number => {
    if (typeof value !== 'object' || value === null) {
      checkScalar(value);
      return 1;
    }
    if (depth > openApiLimits.maxDepth) {
      throw new Refused('document-too-complex', `It is nested more than ${openApiLimits.maxDepth} levels deep.`);
    }
    const known = sizes.get(value);
    if (known !== undefined) return known;
    if (Object.hasOwn(value, '__proto__')) {
      throw new Refused('document-too-complex', '`__proto__` may not be a key.');
    }
    let size = 1;
    sizes.set(value, Infinity);
    for (const member of Array.isArray(value) ? value : Object.values(value)) {
      members++;
      size += measure(member, depth + 1);
    }
    sizes.set(value, size);
    return size;
  };
  try {
    const size = measure(root, 0);
    if (size <= openApiLimits.maxNodes && size <= members * 10 + 100_000) return undefined;
    return { rule: 'document-too-complex', message: 'Aliases make it too large.' };
  } catch (error) {
    if (error instanceof Refused) return { rule: error.rule, message: error.message };
    throw error;
  }
}

const loneSurrogate = /\p{Surrogate}/u;

function checkScalar(value: unknown): void {
  if (typeof value === 'string' && loneSurrogate.test(value)) {
    throw new Refused('yaml-unsupported', 'It holds half of a surrogate pair, which is no character.');
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new Refused('yaml-unsupported', 'It holds a number that is too large, infinite or none at all.');
  }
}

class Refused extends Error {
  constructor(
    readonly rule: Refusal['rule'],
    message: string,
  ) {
    super(message);
  }
}
