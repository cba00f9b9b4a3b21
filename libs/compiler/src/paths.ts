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

/** Folders that are never looked into, besides what `.gitwayignore` names. */
const alwaysIgnored = /(^|\/)(\.[^/]*|node_modules)\//;

export type IgnoreMatcher = (path: string) => boolean;

/**
 * `.gitwayignore`: one pattern a line, `#` for comments. `*` and `?` stand for anything but "/", `**` for anything;
 * a pattern with a "/" before its end is anchored at the root; one that names a folder takes all in it.
 */
export function ignoreMatcher(text: string): IgnoreMatcher {
  const patterns: RegExp[] = [];
  for (const line of text.split(/\r?\n/).slice(0, 1000)) {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#') || pattern.length > 300) continue;
    if ((pattern.match(/\*+/g)?.length ?? 0) > 5) continue;
    const anchored = pattern.replace(/\/$/, '').includes('/');
    const body = pattern
      .replace(/^\//, '')
      .replace(/\/$/, '')
      .split(/(\*\*|\*|\?)/)
      .map((part) => wildcards[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('');
    patterns.push(new RegExp(`${anchored ? '^' : '(?:^|/)'}${body}(?:/|$)`, 'u'));
  }
  return (path) => alwaysIgnored.test(path) || /^\.[^/]*$/.test(path) || patterns.some((pattern) => pattern.test(path));
}

const wildcards: Record<string, string> = { '**': '.*', '*': '[^/]*', '?': '[^/]' };
