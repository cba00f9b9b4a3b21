import type { Finding } from '@gitway/contracts';
import { decodeText } from '@gitway/resources';
import { finding } from './findings.ts';
import { resolvePath } from './paths.ts';
import type { CompileCache, WorkspaceEntry, WorkspaceReader } from './workspace.ts';

/** What a PEM file holds, block by block, or why it cannot be used. */
export type PemReading =
  | { readonly path: string; readonly oid: string; readonly blocks: readonly string[] }
  | { readonly rule: string; readonly message: string; readonly hint: string };

const MAX_BYTES = 200_000;
const MAX_BLOCKS = 500;
const block = /-----BEGIN ([A-Z0-9 ]{1,60})-----[A-Za-z0-9+/=\s]{1,100000}?-----END \1-----/g;

/** Certificates and public keys in the repository. Anything private is refused: its place is a secret. */
export class PemFiles {
  /** Names the content of all of them. */
  readonly id: string;
  private readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  private readonly texts: ReadonlyMap<string, { readonly text: string } | { readonly problem: string }>;

  private constructor(
    entries: ReadonlyMap<string, WorkspaceEntry>,
    texts: ReadonlyMap<string, { readonly text: string } | { readonly problem: string }>,
  ) {
    this.entries = entries;
    this.texts = texts;
    this.id = [...texts.keys()].map((path) => `${path} ${entries.get(path)!.oid}`).join('\n');
  }

  /** Reads those that are there, up to a bound; a file that nobody names costs one small read for each content. */
  static async load(
    entries: ReadonlyMap<string, WorkspaceEntry>,
    reader: WorkspaceReader,
    cache: CompileCache,
  ): Promise<PemFiles> {
    const wanted = [...entries.values()].filter((entry) => isPem(entry.path) && isRegular(entry) && fits(entry));
    const texts = new Map<string, { readonly text: string } | { readonly problem: string }>();
    for (const entry of wanted.slice(0, MAX_FILES)) {
      const key = `pem:${entry.oid}`;
      let text = cache.get(key) as { readonly text: string } | { readonly problem: string } | undefined;
      if (text === undefined) {
        const bytes = await reader.read(entry.path);
        text = bytes === undefined ? { problem: 'It cannot be read.' } : decodeText(bytes);
        if (bytes !== undefined) cache.set(key, text);
      }
      texts.set(entry.path, text);
    }
    return new PemFiles(entries, texts);
  }

  /** Private keys, whether or not anybody names the file. */
  privateKeys(): Finding[] {
    return [...this.texts].flatMap(([file, read]) => {
      const found = 'text' in read ? /-----BEGIN [A-Z0-9 ]{0,60}PRIVATE KEY-----/.exec(read.text) : null;
      if (found === null || !('text' in read)) return [];
      const before = read.text.slice(0, found.index);
      const line = before.split('\n').length;
      const column = found.index - before.lastIndexOf('\n');
      const range = { line, column, endLine: line, endColumn: column + found[0].length };
      return [finding('private-key-in-git', 'error', { file, range }, `\`${file}\` holds a private key.`, privateHint)];
    });
  }

  /** @param from the file that names `reference` */
  read(from: string, reference: string): PemReading {
    const target = resolvePath(from, reference);
    const shown = reference.slice(0, 200);
    if ('refused' in target) {
      return refuse('path-outside-repository', `\`${shown}\` does not lie in this repository.`, relativePath);
    }
    if (!isPem(target.path)) {
      return refuse('pem-file', `\`${shown}\` is not named as a certificate or key.`, 'Name it .pem, .crt or .cer.');
    }
    const entry = this.entries.get(target.path);
    if (entry === undefined) return refuse('missing-file', `There is no file \`${target.path}\`.`, relativePath);
    if (!isRegular(entry)) {
      return refuse('symlink', `\`${target.path}\` is a symbolic link or a submodule.`, 'Put the file itself here.');
    }
    if (!fits(entry)) {
      return refuse('file-too-large', `\`${target.path}\` is larger than ${MAX_BYTES / 1000} KB.`, 'Split it.');
    }
    const read = this.texts.get(target.path) ?? { problem: `There are more than ${MAX_FILES} such files.` };
    if ('problem' in read) return refuse('pem-file', `\`${target.path}\`: ${read.problem}`, pemForm);
    return blocksOf(entry, read.text);
  }
}

const MAX_FILES = 2_000;
const isPem = (path: string) => /\.(pem|crt|cer)$/i.test(path);
const isRegular = ({ mode }: WorkspaceEntry) => mode === '100644' || mode === '100755';
const fits = ({ size }: WorkspaceEntry) => size <= MAX_BYTES;

function blocksOf({ path, oid }: WorkspaceEntry, text: string): PemReading {
  const found = [...text.matchAll(block)].slice(0, MAX_BLOCKS);
  if (found.some(([, label]) => label!.endsWith('PRIVATE KEY'))) {
    return refuse('private-key-in-git', `\`${path}\` holds a private key.`, privateHint);
  }
  if (found.length === 0) return refuse('pem-file', `\`${path}\` holds no certificate or public key.`, pemForm);
  return { path, oid, blocks: found.map(([whole]) => whole.replaceAll(/\r\n/g, '\n')) };
}

const relativePath = 'Give a path in this repository, relative to this file.';
const privateHint = 'Take it out of the repository and its history, make a new one, and name it as a secret.';
const pemForm = 'It must be PEM: `-----BEGIN CERTIFICATE-----` and so on.';
const refuse = (rule: string, message: string, hint: string): PemReading => ({ rule, message, hint });
