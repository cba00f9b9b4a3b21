import { decodeText, openApiLimits } from '@gitway/resources';
import type { OpenedFile } from '../openapi/document.ts';
import { mapping } from '../openapi/extract-operations.ts';
import { loadReferences, type LoadedFile } from '../openapi/load-references.ts';
import { parseDocument } from '../openapi/parse-document.ts';
import { fileOfReference, splitReference } from '../openapi/reference.ts';
import type { LedByUrl } from '../openapi/remote-places.ts';
import { asOpenApi, sameInOriginal, type Origin } from '../openapi/swagger/as-openapi.ts';
import type { DocumentSource } from './live.ts';

/** A document as one value, whatever number of files it is written in. */
export interface WholeDocument {
  /** References lead to places within it only; other files lie under `x-gitway-files`, by number. */
  readonly value: Record<string, unknown>;
  readonly files: readonly LoadedFile[];
  /** Where places in `files` lie in their texts. */
  readonly origin: Origin;
  /** Which `$ref`s led to files of other servers. */
  readonly ledBy?: LedByUrl;
}

const OTHER_FILES = 'x-gitway-files';

/** A document, and how to have its files. */
export interface OpenDocument {
  readonly root: string;
  open(path: string): Promise<OpenedFile>;
}

/** The files of a source within the limits that hold for documents. */
export async function openDocument(source: DocumentSource): Promise<OpenDocument> {
  const entries = new Map((await source.list()).map((entry) => [entry.path, entry]));
  const open = async (path: string): Promise<OpenedFile> => {
    const entry = entries.get(path);
    if (entry === undefined) return { refused: 'absent' };
    if (entry.mode !== '100644' && entry.mode !== '100755') return { refused: 'link' };
    if (entry.size > openApiLimits.maxBytes) return { refused: 'too-large' };
    const found = await source.read(path);
    return found === undefined ? { refused: 'gone' } : { bytes: found };
  };
  return { root: source.root, open };
}

/** Null when it cannot be read any more as it could be once: a file is gone, or limits have become tighter. */
export async function loadDocument(document: OpenDocument): Promise<WholeDocument | null> {
  const opened = await document.open(document.root);
  const content = 'bytes' in opened ? decodeText(opened.bytes) : undefined;
  if (content === undefined || 'problem' in content) return null;
  const parsed = parseDocument(document.root, content.text);
  if (!('value' in parsed)) return null;
  const root: LoadedFile = { path: document.root, text: content.text, value: parsed.value };
  const { files, problems, ledBy } = await loadReferences(root, (path) => document.open(path));
  if (problems.length > 0) return null;
  const read = asOpenApi(root, files);
  const others = [...read.files.values()].filter((file) => file.path !== root.path);
  // What it takes from other files is in it once it is converted.
  return wholeOf(read.root === root ? [root, ...others] : [read.root], {
    files: [read.root, ...others],
    origin: read.origin,
    ledBy,
  });
}

/** The document itself first. */
export function wholeOf(
  files: readonly LoadedFile[],
  from: Omit<WholeDocument, 'value'> = { files, origin: sameInOriginal },
): WholeDocument {
  const root = mapping(files[0]!.value);
  if (files.length === 1) return { value: root, ...from };
  const numbers = new Map(files.map(({ path }, number) => [path, number]));
  const placed = files.map((file) => redirected(file, numbers));
  const value: Record<string, unknown> = { ...mapping(placed[0]) };
  value[OTHER_FILES] = Object.fromEntries(placed.slice(1).map((other, index) => [String(index + 1), other]));
  return { value, ...from };
}

/** The file that a pointer leads into, and the steps within it. */
export function placeIn(document: WholeDocument, pointer: string): { file: LoadedFile; steps: (string | number)[] } {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [first, number, ...within] = steps;
  const other = first === OTHER_FILES ? document.files[Number(number)] : undefined;
  const placed = other === undefined ? { file: document.files[0]!, steps } : { file: other, steps: within };
  const original = document.origin(placed.file.path, placed.steps);
  const shown = document.ledBy?.get(original.file) ?? original;
  return { file: document.files.find(({ path }) => path === shown.file) ?? placed.file, steps: [...shown.pointer] };
}

/** A copy in which each reference leads to where its target lies in the whole. Shares what holds no reference. */
function redirected(file: LoadedFile, numbers: ReadonlyMap<string, number>): unknown {
  const done = new Map<object, unknown>();
  const copy = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (done.has(value)) return done.get(value);
    done.set(value, value);
    let result: unknown = value;
    if (Array.isArray(value)) {
      const items = value.map(copy);
      if (items.some((item, index) => item !== value[index])) result = items;
    } else {
      const members = Object.entries(value).map(([key, member]): [string, unknown] => [
        key,
        key === '$ref' && typeof member === 'string' ? target(member, file.path, numbers) : copy(member),
      ]);
      if (members.some(([key, member]) => member !== (value as Record<string, unknown>)[key]))
        result = Object.fromEntries(members);
    }
    done.set(value, result);
    return result;
  };
  return copy(file.value);
}

function target(reference: string, from: string, numbers: ReadonlyMap<string, number>): string {
  const { fragment } = splitReference(reference);
  const resolved = fileOfReference(from, reference);
  const number = 'path' in resolved ? numbers.get(resolved.path) : undefined;
  if (number === undefined || (fragment !== '' && !fragment.startsWith('/'))) return reference;
  return number === 0 ? `#${fragment}` : `#/${OTHER_FILES}/${number}${fragment}`;
}
