import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import type { WorkspaceEntry, WorkspaceReader } from '@gitway/compiler';
import { InternalError, InvalidInputError } from '@gitway/errors';

const run = promisify(execFile);
const MAX_LISTING_BYTES = 256_000_000;
/** Larger blobs are listed and not read: nothing that Gitway reads is as large. */
const MAX_BYTES = 64_000_000;
/** What is looked at runs nothing and fetches nothing, whatever the repository's configuration says. */
const careful = ['-c', 'protocol.allow=never', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * A folder of a Git repository as it was at a revision, read from Git's objects: never from the work tree. It has what
 * a `FolderReader` would have found there.
 */
export class GitTree implements WorkspaceReader {
  /** Full id. */
  readonly commit: string;
  private readonly entries: ReadonlyMap<string, WorkspaceEntry>;
  private readonly blobs: BlobReader;

  private constructor(commit: string, entries: readonly WorkspaceEntry[], folder: string) {
    this.commit = commit;
    this.entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.blobs = new BlobReader(folder);
  }

  /**
   * `close` it afterwards.
   *
   * @param revision as `git rev-parse` takes it: `main`, `HEAD~1`, `origin/main`, a commit
   * @throws InvalidInputError `no-repository` where the folder is in none, `unknown-base` for what is no commit in it
   */
  static async open(folder: string, revision: string, signal?: AbortSignal): Promise<GitTree> {
    const prefix = await git(folder, ['rev-parse', '--show-prefix'], signal).catch((cause: unknown) => {
      const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
      const message = missing ? 'git is not installed.' : `${folder} is in no Git repository.`;
      throw new InvalidInputError('no-repository', message, { cause });
    });
    const commit = await git(
      folder,
      ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`],
      signal,
    ).catch((cause: unknown) => {
      const message = `${revision.slice(0, 200)} is no commit of this repository: name a branch, a tag or a commit (has it been fetched?).`;
      throw new InvalidInputError('unknown-base', message, { cause });
    });
    const path = prefix.replace(/\n$/, '');
    return new GitTree(commit.trim(), await listed(folder, commit.trim(), path, signal), folder);
  }

  list(): Promise<readonly WorkspaceEntry[]> {
    return Promise.resolve([...this.entries.values()]);
  }

  read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.entries.get(path);
    if (entry === undefined || entry.size > MAX_BYTES || !entry.mode.startsWith('100'))
      return Promise.resolve(undefined);
    return this.blobs.read(entry.oid);
  }

  close(): void {
    this.blobs.close();
  }
}

async function git(folder: string, args: readonly string[], signal?: AbortSignal): Promise<string> {
  const options = {
    encoding: 'utf8' as const,
    maxBuffer: MAX_LISTING_BYTES,
    ...(signal === undefined ? {} : { signal }),
  };
  return (await run('git', ['-C', folder, ...careful, ...args], options)).stdout;
}

/** @param prefix of the folder in its repository: empty, or ending in "/" */
async function listed(folder: string, commit: string, prefix: string, signal?: AbortSignal): Promise<WorkspaceEntry[]> {
  if (prefix !== '') {
    const exists = await git(folder, ['cat-file', '-e', `${commit}:${prefix.replace(/\/$/, '')}`], signal).then(
      () => true,
      () => false,
    );
    // It did not have the folder yet.
    if (!exists) return [];
  }
  const output = await git(folder, ['ls-tree', '-r', '-z', '-l', '--full-tree', `${commit}:${prefix}`], signal);
  return output.split('\0').flatMap((line) => {
    const match = /^(\d{6}) \w+ ([0-9a-f]{40,64}) +(\d+|-)\t(.+)$/s.exec(line);
    if (match === null) return [];
    const [, mode, oid, size, path] = match as unknown as [string, string, string, string, string];
    const folders = path.split('/').slice(0, -1);
    if (folders.some((name) => name.startsWith('.') || name === 'node_modules')) return [];
    return [{ path, mode, oid, size: size === '-' ? 0 : Number(size) }];
  });
}

interface Asked {
  readonly oid: string;
  readonly resolve: (content: Uint8Array | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** One `git cat-file --batch` for all of them: it answers in the order in which it is asked. */
class BlobReader {
  private readonly asked: Asked[] = [];
  private child: ChildProcessWithoutNullStreams | undefined;
  private chunks: Buffer[] = [];
  private bytes = 0;
  /** Bytes of the answer that is being read, its header and last line feed included; null: the header is not there yet. */
  private expected: { header: number; size: number } | null = null;

  constructor(private readonly folder: string) {}

  read(oid: string): Promise<Uint8Array | undefined> {
    return new Promise((resolve, reject) => {
      this.asked.push({ oid, resolve, reject });
      this.child ??= this.start();
      this.child.stdin.write(`${oid}\n`);
    });
  }

  close(): void {
    this.child?.stdin.end();
    this.child?.kill();
  }

  private start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', ['-C', this.folder, ...careful, 'cat-file', '--batch']);
    child.stdout.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.bytes += chunk.length;
      this.answer();
    });
    const fail = (cause?: Error) => {
      const error = new InternalError('git-ended', 'git ended while it was asked for files.', { cause });
      for (const { reject } of this.asked.splice(0)) reject(error);
    };
    child.on('error', fail);
    child.stdin.on('error', fail);
    child.on('close', () => fail());
    child.stderr.resume();
    return child;
  }

  private answer(): void {
    for (;;) {
      if (this.expected === null) {
        const start = this.joined();
        const end = start.indexOf(0x0a);
        if (end < 0) return;
        const size = / blob (\d+)$/.exec(start.subarray(0, end).toString('latin1'))?.[1];
        this.expected = { header: end + 1, size: size === undefined ? -1 : Number(size) };
      }
      const { header, size } = this.expected;
      const whole = header + (size < 0 ? 0 : size + 1);
      if (this.bytes < whole) return;
      const buffer = this.joined();
      const content = size < 0 ? undefined : Uint8Array.prototype.slice.call(buffer, header, header + size);
      this.chunks = [buffer.subarray(whole)];
      this.bytes = buffer.length - whole;
      this.expected = null;
      this.asked.shift()?.resolve(content);
    }
  }

  private joined(): Buffer {
    const buffer = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.chunks = [buffer];
    return buffer;
  }
}
