import type { Finding, Location } from '@gitway/contracts';
import { isRemote, shownReference } from '../paths.ts';
import { speaksOfSecret } from '../secrets/secret-findings.ts';

type Pointer = readonly (string | number)[];

/** A `$ref` in a file of the repository. */
export interface LedBy {
  readonly file: string;
  readonly pointer: Pointer;
}

/** By the URL of a file of another server: the `$ref` of the repository that led there, perhaps through other files. */
export type LedByUrl = ReadonlyMap<string, LedBy>;

/**
 * What was found in a file of another server is told at the `$ref` of the repository that led there, which is what its
 * author can change; the message says where it is.
 */
export function atReference<F extends Finding>(
  item: F,
  ledBy: LedByUrl,
  placeOf: (file: string, pointer: Pointer) => Location,
): F {
  const move = (where: Location): Location => {
    const led = where.file === undefined ? undefined : ledBy.get(where.file);
    return led === undefined ? where : placeOf(led.file, led.pointer);
  };
  const { where, message, related } = item;
  const moved = move(where);
  if (moved === where) return item;
  const at = where.range === undefined ? '' : `:${where.range.line}:${where.range.column}`;
  return {
    ...item,
    where: speaksOfSecret(item) ? withoutRange(moved) : moved,
    message: `In \`${shownReference(where.file!)}${at}\`: ${message}`,
    ...(related === undefined ? {} : { related: related.map((each) => ({ ...each, where: move(each.where) })) }),
  };
}

/** The range of a secret is masked wherever its file is shown; a `$ref` is none. */
function withoutRange({ range: _, ...where }: Location): Location {
  return where;
}

/** Whether what a file says of suppressions counts: nobody reviews what another server will say tomorrow. */
export const maySuppress = (path: string) => !isRemote(path);
