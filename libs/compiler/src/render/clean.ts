import type { Location } from '@gitway/contracts';
import type { RenderOptions } from './renderer.ts';

/** More than a person reads of one message, and less than any viewer chokes on. */
export const MAX_TEXT = 4_000;

/** What stands in a file must neither move a terminal's cursor nor turn a line around; every character keeps its column. */
export const clean = (text: string) =>
  text
    .replaceAll('\t', ' ')
    .replaceAll(/[\u0000-\u001F\u007F-\u009F\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');

/** Without halves of surrogate pairs, which no UTF-8 file, URI or XML document can hold. */
export const wellFormed = (text: string) => text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');

/** One line of plain text of bounded length. */
export function plain(text: string, maxLength = MAX_TEXT): string {
  return wellFormed(clean(text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`));
}

/** The message, and what to do about it. */
export const messageWithHint = (message: string, hint: string | undefined) =>
  hint === undefined ? message : `${message} ${hint}`;

/** `Api/pets spec.policy`; empty where the finding names neither. */
export const aboutOf = ({ object, field }: Location) => [object, field].filter((part) => part !== undefined).join(' ');

/** `pets/api.yaml:6:3`; empty where the finding names no file. */
export const placeOf = ({ file, range }: Location) =>
  [file, range?.line, range?.column].filter((part) => part !== undefined).join(':');

/** The file's path in the repository; what points at no file points at the workspace's folder. */
export function pathOf(where: Location, { pathPrefix }: RenderOptions): string {
  const prefix = (pathPrefix ?? '').replaceAll(/^(\.?\/)+|\/+$/g, '');
  const parts = [prefix === '.' ? '' : prefix, where.file ?? ''].filter((part) => part !== '');
  return parts.length === 0 ? '.' : parts.join('/');
}

/** A relative reference as in RFC 3986, whatever the names of files and folders are; it never leads up or to a root. */
export function uriOfPath(path: string): string {
  const steps = wellFormed(path)
    .split('/')
    .filter((step) => step !== '' && step !== '.' && step !== '..');
  return steps.length === 0 ? '.' : steps.map(encodeURIComponent).join('/');
}
