import { decodeText } from '@gitway/resources';
import type { DocumentJob } from './document.ts';
import { isRemote, refusals, shownReference } from '../paths.ts';
import { fileOfReference } from './reference.ts';
import { allowHint, hostOf } from './remote-files.ts';
import type { LedBy } from './remote-places.ts';
import { parseDocument, type UnparsedDocument } from './parse-document.ts';

export interface LoadedFile {
  readonly path: string;
  readonly text: string;
  readonly value: unknown;
}

/** A `$ref` that may not, or cannot, be followed. `pointer` leads to it within `file`. */
export interface ReferenceProblem {
  readonly rule: 'openapi-ref' | 'missing-file' | 'symlink' | UnparsedDocument['rule'];
  readonly file: string;
  readonly pointer: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
  /** The path that is not there. */
  readonly absent?: string;
  /** It may be otherwise the next time. */
  readonly passing?: true;
}

const MAX_FILES = 1_000;
const MAX_TOTAL_BYTES = 100_000_000;

export interface LoadedReferences {
  readonly files: Map<string, LoadedFile>;
  readonly problems: ReferenceProblem[];
  /** Other files that were looked for. */
  readonly looked: Set<string>;
  /** By the URL of a file of another server: the `$ref` of the repository that led there. */
  readonly ledBy: Map<string, LedBy>;
}

/**
 * Loads every file that a document refers to, directly or through others: of the repository, and of other servers where
 * `open` gives them. What it does not give, and what is absolute or outside the repository, is a problem at the `$ref`
 * that says so.
 */
export async function loadReferences(root: LoadedFile, open: DocumentJob['open']): Promise<LoadedReferences> {
  const files = new Map([[root.path, root]]);
  const problems: ReferenceProblem[] = [];
  const looked = new Set<string>();
  const ledBy = new Map<string, LedBy>();
  const waiting = [root];
  let bytes = 0;
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const from = file;
    for (const { reference, pointer } of externalReferences(from.value)) {
      if (problems.length >= 50) return { files, problems, looked, ledBy };
      const refuse = (
        rule: ReferenceProblem['rule'],
        message: string,
        hint?: string,
        more: Pick<ReferenceProblem, 'absent' | 'passing'> = {},
      ) => problems.push({ rule, file: from.path, pointer, message, ...(hint === undefined ? {} : { hint }), ...more });
      const target = fileOfReference(from.path, reference);
      if ('refused' in target) {
        refuse(
          'openapi-ref',
          `\`${shownReference(reference)}\` ${refusals[target.refused]}.`,
          'Put the document into the repository and refer to it by a relative path.',
        );
        continue;
      }
      const { path } = target;
      if (files.has(path)) continue;
      looked.add(path);
      if (isRemote(path) && !ledBy.has(path)) ledBy.set(path, ledBy.get(from.path) ?? { file: from.path, pointer });
      const opened = files.size >= MAX_FILES ? ({ refused: 'too-large' } as const) : await open(path);
      if ('bytes' in opened) bytes += opened.bytes.byteLength;
      if (bytes > MAX_TOTAL_BYTES || ('refused' in opened && opened.refused === 'too-large')) {
        refuse('document-too-complex', 'The document refers to more, or to larger, files than can be read.');
        return { files, problems, looked, ledBy };
      }
      if ('refused' in opened) {
        if (opened.refused === 'absent') {
          refuse('missing-file', `There is no file \`${shownReference(path)}\`.`, undefined, { absent: path });
        } else if (opened.refused === 'remote') {
          const message = `\`${shownReference(path)}\` is on another server, and \`${hostOf(path)}\` is not allowed.`;
          refuse('openapi-ref', message, allowHint(path));
        } else if (opened.refused === 'unreachable') {
          const message = `\`${shownReference(path)}\` cannot be had: ${opened.reason}.`;
          refuse('openapi-ref', message, 'Look whether it is there and answers; then try again.');
        } else if (opened.refused === 'gone') {
          refuse('openapi-syntax', `\`${path}\` cannot be read.`, undefined, { passing: true });
        } else {
          const message = `\`${shownReference(path)}\` is a symbolic link or a submodule; these are never followed.`;
          refuse('symlink', message, 'Put the file itself here.');
        }
        continue;
      }
      const text = decodeText(opened.bytes);
      if ('problem' in text) {
        refuse('openapi-syntax', `\`${path}\`: ${text.problem}`);
        continue;
      }
      const parsed = parseDocument(path, text.text);
      if ('message' in parsed) {
        refuse(parsed.rule, `\`${path}\`: ${parsed.message}`);
        continue;
      }
      const loaded = { path, text: text.text, value: parsed.value };
      files.set(path, loaded);
      waiting.push(loaded);
    }
  }
  return { files, problems, looked, ledBy };
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
