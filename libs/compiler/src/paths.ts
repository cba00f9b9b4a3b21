/** Paths are relative to the repository's root and use "/". */

export const folderOf = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export type ResolvedPath = { readonly path: string } | { readonly refused: 'remote' | 'absolute' | 'outside' };

/** Where `reference`, written in the file `from`, points to. A name such as `..file` is a name and not a way up. */
export function resolvePath(from: string, reference: string): ResolvedPath {
  if (/^[a-z][a-z0-9+.-]*:/i.test(reference) || reference.startsWith('//')) return { refused: 'remote' };
  if (reference.startsWith('/') || reference.includes('\\')) return { refused: 'absolute' };
  const folder = folderOf(from);
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of reference.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return { refused: 'outside' };
    } else parts.push(part);
  }
  return { path: parts.join('/') };
}

/** Whether the path of a file is its URL: it lies on another server. No file of a repository can be called so. */
export const isRemote = (path: string) => /^https?:\/\//.test(path);

export type ResolvedReference = ResolvedPath | { readonly refused: 'scheme' | 'credentials' | 'malformed' };

const MAX_URL_LENGTH = 2_000;

/**
 * The file that a reference in the file `from` names: a path in the repository, or a normalised URL without a fragment.
 * What is relative in a file of another server stays on that server. Percent-encoding is undone in local paths only.
 */
export function resolveReference(from: string, reference: string, decode = (path: string) => path): ResolvedReference {
  if (!isRemote(from) && !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(reference)) return resolvePath(from, decode(reference));
  const parsed = isRemote(from) ? parseUrl(reference, from) : parseUrl(reference);
  if (parsed === undefined) return { refused: 'malformed' };
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return { refused: 'scheme' };
  if (parsed.username !== '' || parsed.password !== '') return { refused: 'credentials' };
  parsed.hash = '';
  return parsed.href.length > MAX_URL_LENGTH ? { refused: 'malformed' } : { path: parsed.href };
}

function parseUrl(reference: string, base?: string): URL | undefined {
  try {
    return new URL(reference, base);
  } catch {
    return undefined;
  }
}

/** Why a reference is not followed, as the end of a sentence. */
export const refusals = {
  remote: 'is on another server',
  absolute: 'is an absolute path',
  outside: 'leads out of the repository',
  scheme: 'is neither a path nor an https URL',
  credentials: 'holds credentials',
  malformed: 'is not a complete URL',
};

/** A reference as a message shows it: bounded, and without a password. */
export const shownReference = (reference: string): string => {
  const shown = reference.replace(/(\/\/)[^/?#]*@/, '$1…@');
  return shown.length > 120 ? `${shown.slice(0, 119)}…` : shown;
};
