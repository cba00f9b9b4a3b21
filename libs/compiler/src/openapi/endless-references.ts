import { fileOfReference, splitReference, stepsOfFragment } from './reference.ts';

const MAX_REPORTED = 20;
/** What a real document needs is one or two; whoever resolves them one inside the other runs out of stack at thousands. */
const MAX_HOPS = 50;

export interface EndlessReference {
  readonly file: string;
  readonly pointer: readonly (string | number)[];
}

/**
 * Every `$ref` from which only other `$ref`s are ever reached (`a` is `b`, and `b` is `a`), or too many of them before
 * anything else, over all files of a document. (A schema that contains itself is no such thing: there is something
 * between.) Time is bounded by the size of the files, whatever they say.
 */
export function endlessReferences(files: ReadonlyMap<string, { readonly value: unknown }>): EndlessReference[] {
  const endless: EndlessReference[] = [];
  /** Hops to the end, by file and reference. */
  const sound = new Map<string, number>();

  const hopsOf = (file: string, reference: string, budget: number): number => {
    if (budget <= 0) return Infinity;
    const key = `${file}\n${reference}`;
    const known = sound.get(key);
    if (known !== undefined) return known;
    const target = fileOfReference(file, reference);
    const path = 'path' in target ? target.path : '';
    let hops = 1;
    let value = files.get(path)?.value;
    for (const step of stepsOfFragment(splitReference(reference).fragment)) {
      const next = member(value, step);
      if (next === undefined) {
        // A pointer may lead through a reference: to its target's members.
        const through = referenceOf(value);
        if (through !== undefined) hops = Math.max(hops, 1 + hopsOf(path, through, budget - 1));
        value = undefined;
        break;
      }
      value = next;
    }
    const onward = referenceOf(value);
    if (onward !== undefined) hops = 1 + hopsOf(path, onward, budget - 1);
    if (hops < Infinity) sound.set(key, hops);
    return hops;
  };

  for (const [file, { value: root }] of files) {
    const seen = new Set<object>();
    const visit = (value: unknown, pointer: readonly (string | number)[]): void => {
      if (typeof value !== 'object' || value === null || seen.has(value) || endless.length >= MAX_REPORTED) return;
      seen.add(value);
      const reference = referenceOf(value);
      if (reference !== undefined && hopsOf(file, reference, MAX_HOPS) > MAX_HOPS) {
        endless.push({ file, pointer: [...pointer, '$ref'] });
      }
      for (const [key, inner] of Object.entries(value)) {
        if (typeof inner === 'object' && inner !== null) {
          visit(inner, [...pointer, Array.isArray(value) ? Number(key) : key]);
        }
      }
    };
    visit(root, []);
  }
  return endless;
}

function referenceOf(value: unknown): string | undefined {
  const $ref = member(value, '$ref');
  return typeof $ref === 'string' && $ref !== '' && !Array.isArray(value) ? $ref : undefined;
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
