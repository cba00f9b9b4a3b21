import { decodeText, openApiLimits, suggest } from '@gitway/resources';
import { resolvePath } from '../paths.ts';
import type { WorkspaceEntry, WorkspaceReader } from '../workspace.ts';
import { parseDocument } from './parse-document.ts';

export interface LoadedFile {
  readonly path: string;
  readonly oid: string;
  readonly text: string;
  readonly value: unknown;
}

/** A `$ref` that may not, or cannot, be followed. `pointer` leads to it within `file`. */
export interface ReferenceProblem {
  readonly rule: 'openapi-ref' | 'missing-file' | 'symlink' | 'openapi-syntax' | 'document-too-complex';
  readonly file: string;
  readonly pointer: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

const MAX_FILES = 1_000;
const MAX_TOTAL_BYTES = 100_000_000;

/**
 * Loads every file of the repository that a document refers to, directly or through others. Nothing else can be
 * reached: what is remote, absolute or outside the repository is a problem at the `$ref` that says so.
 */
export async function loadReferences(
  root: LoadedFile,
  entries: ReadonlyMap<string, WorkspaceEntry>,
  reader: WorkspaceReader,
): Promise<{ files: Map<string, LoadedFile>; problems: ReferenceProblem[] }> {
  const files = new Map([[root.path, root]]);
  const problems: ReferenceProblem[] = [];
  const waiting = [root];
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const from = file;
    for (const { reference, pointer } of externalReferences(from.value)) {
      if (problems.length >= 50) return { files, problems };
      const refuse = (rule: ReferenceProblem['rule'], message: string, hint?: string) =>
        problems.push({ rule, file: from.path, pointer, message, ...(hint === undefined ? {} : { hint }) });
      const target = resolvePath(from.path, decoded(reference.split('#')[0]!));
      if ('refused' in target) {
        refuse(
          'openapi-ref',
          `\`${shorten(reference)}\` ${reasons[target.refused]}.`,
          'Put the document into the repository and refer to it by a relative path.',
        );
        continue;
      }
      if (files.has(target.path)) continue;
      const entry = entries.get(target.path);
      if (entry === undefined) {
        const near = suggest(target.path, entries.keys());
        refuse(
          'missing-file',
          `There is no file \`${shorten(target.path)}\`.`,
          near === undefined ? undefined : `Did you mean \`${near}\`?`,
        );
      } else if (entry.mode !== '100644' && entry.mode !== '100755') {
        refuse(
          'symlink',
          `\`${shorten(target.path)}\` is a symbolic link or a submodule; these are never followed.`,
          'Put the file itself here.',
        );
      } else if (
        files.size >= MAX_FILES ||
        (bytes += entry.size) > MAX_TOTAL_BYTES ||
        entry.size > openApiLimits.maxBytes
      ) {
        refuse('document-too-complex', 'The document refers to more, or to larger, files than can be read.');
        return { files, problems };
      } else {
        const content = await reader.read(entry.path);
        const text = content === undefined ? undefined : decodeText(content);
        if (text === undefined || 'problem' in text) {
          refuse(
            'openapi-syntax',
            text === undefined ? `\`${entry.path}\` cannot be read.` : `\`${entry.path}\`: ${text.problem}`,
          );
          continue;
        }
        const parsed = parseDocument(entry.path, text.text);
        if ('message' in parsed) {
          refuse(parsed.rule, `\`${entry.path}\`: ${parsed.message}`);
          continue;
        }
        const loaded = { path: entry.path, oid: entry.oid, text: text.text, value: parsed.value };
        files.set(entry.path, loaded);
        waiting.push(loaded);
      }
    }
  }
  return { files, problems };
}

function externalReferences(root: unknown): { reference: string; pointer: (string | number)[] }[] {
  const found: { reference: string; pointer: (string | number)[] }[] = [];
  const seen = new Set<object>();
  const visit = (value: unknown, pointer: (string | number)[]): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (Array.isArray(value)) {
      value.forEach((item, index) => visit(item, [...pointer, index]));
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      if (key === '$ref' && typeof member === 'string' && member !== '' && !member.startsWith('#')) {
        found.push({ reference: member, pointer: [...pointer, key] });
      } else if (typeof member === 'object' && member !== null) visit(member, [...pointer, key]);
    }
  };
  visit(root, []);
  return found;
}

function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

const reasons = {
  remote: 'is on another server; remote references are not followed',
  absolute: 'is an absolute path',
  outside: 'leads out of the repository',
};
const shorten = (text: string) => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
