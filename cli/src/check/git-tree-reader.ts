import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { promisify } from 'node:util';
import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';
import { InvalidInputError, messageOf } from '@gitway/errors';

const run = promisify(execFile);
/** Nothing of a repository's configuration is run, and nothing is fetched: a commit is here, or it is not. */
const SAFELY = ['--no-replace-objects', '-c', 'core.fsmonitor=false', '-c', 'protocol.allow=never'];
const MAX_LISTING_BYTES = 128_000_000;
/** As of a working copy: nothing that Gitway reads is larger. */
const MAX_BYTES = 64_000_000;

/** A folder as one commit of its repository has it. Read from Git's objects: the working copy is not touched. */
export class GitTreeReader implements WorkspaceReader {
  private readonly byPath: ReadonlyMap<string, WorkspaceEntry>;
  private batch: Batch | undefined;

  private constructor(
    private readonly folder: string,
    /** The full id. */
    readonly commit: string,
    private readonly entries: readonly WorkspaceEntry[],
  ) {
    this.byPath = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** @throws InvalidInputError `no-git`, `no-revision` */
  static async open(folder: string, revision: string): Promise<GitTreeReader> {
    const git = async (...args: string[]) =>
      (await run('git', [...SAFELY, '-C', folder, ...args], { maxBuffer: MAX_LISTING_BYTES })).stdout;
    let prefix: string;
    try {
      prefix = (await git('rev-parse', '--show-prefix')).replace(/\n$/, '');
    } catch (cause) {
      const message = `${folder} is not in a Git repository, or there is no git: a base to compare with is read from there.`;
      throw new InvalidInputError('no-git', message, { cause });
    }
    try {
      const commit = (await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim();
      const listing = await git(
        'ls-tree',
        '--full-tree',
        '-r',
        '-z',
        '-l',
        prefix === '' ? commit : `${commit}:${prefix.slice(0, -1)}`,
      );
      return new GitTreeReader(folder, commit, entriesOf(listing));
    } catch (cause) {
      const message = `${revision.slice(0, 200)} is not a commit that is here with this folder in it. Fetch it first (in CI: a clone with its whole history).`;
      throw new InvalidInputError('no-revision', message, { cause });
    }
  }

  list(): Promise<readonly WorkspaceEntry[]> {
    return Promise.resolve(this.entries);
  }

  read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.byPath.get(path);
    if (entry === undefined || entry.size > MAX_BYTES || !entry.mode.startsWith('100'))
      return Promise.resolve(undefined);
    this.batch ??= new Batch(spawn('git', [...SAFELY, '-C', this.folder, 'cat-file', '--batch']));
    return this.batch.blob(entry.oid);
  }

  close(): void {
    this.batch?.close();
    this.batch = undefined;
  }
}

/** `<mode> <type> <oid> <size>\t<path>`, each ended by NUL. */
function entriesOf(listing: string): WorkspaceEntry[] {
  return listing
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', , oid = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return { path: line.slice(tab + 1), mode, oid, size: size === '-' ? 0 : Number(size) };
    });
}

interface Waiting {
  readonly done: (content: Uint8Array | undefined) => void;
  readonly failed: (error: Error) => void;
}

/** `git cat-file --batch`: answers come in the order of the questions, `<oid> blob <size>\n<content>\n`. */
class Batch {
  private readonly waiting: Waiting[] = [];
  private chunks: Buffer[] = [];
  private bytes = 0;
  /** Bytes of the answer under way, with its line and its last newline; undefined until its line is here. */
  private wanted: { readonly start: number; readonly end: number } | undefined;

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (chunk: Buffer) => this.take(chunk));
    child.stderr.resume();
    child.stdin.on('error', (error) => this.fail(error));
    child.on('error', (error) => this.fail(error));
    child.on('close', () => this.fail(new Error('git ended')));
  }

  blob(oid: string): Promise<Uint8Array | undefined> {
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed });
      this.child.stdin.write(`${oid}\n`);
    });
  }

  close(): void {
    this.child.stdin.end();
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.byteLength;
    while (this.waiting.length > 0) {
      if (this.wanted === undefined) {
        const head = this.joined();
        const end = head.indexOf(10);
        if (end < 0) return;
        const [, type, size] = head.subarray(0, end).toString('latin1').split(' ');
        if (type !== 'blob') {
          this.answer(undefined, end + 1);
          continue;
        }
        this.wanted = { start: end + 1, end: end + 1 + Number(size) };
      }
      if (this.bytes <= this.wanted.end) return;
      this.answer(this.joined().subarray(this.wanted.start, this.wanted.end), this.wanted.end + 1);
    }
  }

  private answer(content: Uint8Array | undefined, used: number): void {
    const rest = this.joined().subarray(used);
    this.chunks = [rest];
    this.bytes = rest.byteLength;
    this.wanted = undefined;
    this.waiting.shift()?.done(content);
  }

  private joined(): Buffer {
    if (this.chunks.length !== 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }

  private fail(error: Error): void {
    const failure = new InvalidInputError('no-git', `Git could not read the base: ${messageOf(error)}.`);
    for (const { failed } of this.waiting.splice(0)) failed(failure);
  }
}
