import { resolveReference, type ResolvedReference } from '../paths.ts';

/** What is read of a `$ref`: a URI reference, with a JSON pointer as its fragment (RFC 3986, RFC 6901). */
export interface Reference {
  /** As written; empty: the same file. */
  readonly file: string;
  /** As written, without `#`. */
  readonly fragment: string;
}

export function splitReference(reference: string): Reference {
  const hash = reference.indexOf('#');
  return hash === -1
    ? { file: reference, fragment: '' }
    : { file: reference.slice(0, hash), fragment: reference.slice(hash + 1) };
}

/** The file that a `$ref` in `from` leads to, or why it may not be looked for. */
export function fileOfReference(from: string, reference: string): ResolvedReference {
  const { file } = splitReference(reference);
  return file === '' ? { path: from } : resolveReference(from, file, decoded);
}

/** The steps of a fragment. A step is decoded by itself, so that `%2F` is part of a name as `~1` is. */
export const stepsOfFragment = (fragment: string): string[] =>
  fragment
    .split('/')
    .slice(1)
    .map((step) => decoded(step).replaceAll('~1', '/').replaceAll('~0', '~'));

/** More than a document needs; who goes beyond was refused when the references were looked through. */
const MAX_HOPS = 60;

/** What a `$ref` leads to, through further ones, each read in the file that holds it; members beside a `$ref` win. */
export function follow(
  reference: string,
  from: string,
  files: ReadonlyMap<string, { readonly value: unknown }>,
  hops = MAX_HOPS,
): unknown {
  const target = fileOfReference(from, reference);
  if ('refused' in target || hops === 0) return undefined;
  let value = files.get(target.path)?.value;
  for (const step of stepsOfFragment(splitReference(reference).fragment)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (typeof value !== 'object' || value === null || !('$ref' in value) || typeof value.$ref !== 'string') return value;
  const onward = follow(value.$ref, target.path, files, hops - 1);
  return typeof onward === 'object' && onward !== null ? { ...onward, ...value } : value;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded: taken as it stands.
    return text;
  }
}
