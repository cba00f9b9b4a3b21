import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { TreeEntry } from '@gitway/contracts';
import { GitwayError, InvalidInputError } from '@gitway/errors';
import { logger } from '@gitway/observability';
import type { Source } from '../domain/source.ts';
import { MAX_TREE_FILES, parseTreeRecord, sortEntries } from '../domain/tree.ts';
import { pinnedAddresses } from './address-guard.ts';
import type { Git, LocalCall } from './git.ts';
import type { RemoteAccess } from './git-environment.ts';
import { ObjectReader } from './object-reader.ts';
import { removeStaleLocks } from './stale-locks.ts';

export interface MirrorLimits {
  readonly fetchTimeoutMs: number;
  readonly silenceMs: number;
}

const log = logger('mirrors');
const ageOfLeftLockMs = 2_000;
const lockAttempts = 5;
const MAX_PATH_BYTES = 64 * 1024;

/**
 * Bare copies of the followed repositories, one per URL however many sources use it. Work on one mirror is done by
 * one caller at a time (`inTurn`).
 */
export class Mirrors {
  private readonly tails = new Map<string, Promise<unknown>>();

  constructor(
    private readonly folder: string,
    private readonly git: Git,
    private readonly limits: MirrorLimits,
  ) {}

  /** Removes what a process that was killed has left behind. Call before anything else. */
  async cleanUp(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const entry of await readdir(this.folder)) {
      const path = join(this.folder, entry);
      if (entry.startsWith('.new-') || entry.startsWith('.old-')) await rm(path, { recursive: true, force: true });
      else if (entry.endsWith('.git')) await removeStaleLocks(path, ageOfLeftLockMs);
    }
  }

  /** Ends fetches and pushes that are under way. */
  stop(): void {
    this.git.stop();
  }

  /** Runs work that needs the mirror of this source alone, after all that asked for it before. */
  async inTurn<T>(source: Source, work: () => Promise<T>): Promise<T> {
    const key = this.path(source);
    const mine = (this.tails.get(key) ?? Promise.resolve()).then(work, work);
    this.tails.set(
      key,
      mine.catch(() => {}),
    );
    return mine;
  }

  /** What the server has under these refs. @throws GitwayError */
  async listRemote(source: Source, refs: readonly string[]): Promise<Map<string, string>> {
    const heads = await this.lsRemote(source, refs);
    return new Map(refs.flatMap((ref) => (heads.has(ref) ? [[ref, heads.get(ref)!]] : [])));
  }

  /** Full refs of every branch that the server has. @throws GitwayError */
  async listBranches(source: Source): Promise<string[]> {
    return [...(await this.lsRemote(source, ['refs/heads/*'])).keys()];
  }

  private async lsRemote(source: Source, patterns: readonly string[]): Promise<Map<string, string>> {
    await this.ensure(source);
    const output = await this.git.remote(['ls-remote', '--refs', '--', source.remote.display, ...patterns], {
      cwd: this.path(source),
      access: await this.access(source),
      action: 'ask the server for its branches',
      timeoutMs: Math.min(60_000, this.limits.fetchTimeoutMs),
      silenceMs: this.limits.silenceMs,
    });
    const heads = new Map<string, string>();
    for (const line of output.split('\n')) {
      const match = /^([0-9a-f]{40,64})\t(refs\/.+)$/.exec(line);
      if (match) heads.set(match[2]!, match[1]!);
    }
    return heads;
  }

  /**
   * Brings these branches of the mirror to where the server has them; one that is gone there is gone here. A lock
   * that was left behind is removed, a damaged mirror is made anew beside the old one.
   */
  async fetch(source: Source, refs: readonly string[]): Promise<void> {
    await this.ensure(source);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.fetchInto(this.path(source), source, refspecsOf(refs));
      } catch (error) {
        const slug = error instanceof GitwayError ? error.slug : '';
        if (slug === 'mirror-corrupt') return this.rebuild(source, refs, error);
        if (slug !== 'mirror-locked' || attempt === lockAttempts) throw error;
        await delay(200 * attempt);
        await removeStaleLocks(this.path(source), ageOfLeftLockMs);
      }
    }
  }

  /** Fetches one commit by its id, for a commit that no branch holds any more. */
  async fetchCommit(source: Source, commit: string): Promise<void> {
    await this.fetchInto(this.path(source), source, [commit]);
  }

  /** @throws GitwayError; `push-outrun` when the branch has moved. */
  async push(source: Source, commit: string, ref: string): Promise<void> {
    await this.git.remote(
      [
        'push',
        '--porcelain',
        '--progress',
        '--no-verify',
        '--no-follow-tags',
        '--',
        source.remote.display,
        `${commit}:${ref}`,
      ],
      {
        cwd: this.path(source),
        access: await this.access(source),
        action: 'push',
        timeoutMs: this.limits.fetchTimeoutMs,
        silenceMs: this.limits.silenceMs,
      },
    );
  }

  /** A new mirror beside the damaged one, then swapped. */
  async rebuild(source: Source, refs: readonly string[], why: unknown): Promise<void> {
    log.warn({ source: source.name, err: why }, 'the mirror is damaged; a new one is made');
    const beside = join(this.folder, `.new-${randomUUID()}`);
    const aside = join(this.folder, `.old-${randomUUID()}`);
    try {
      await this.init(beside);
      await this.fetchInto(beside, source, refspecsOf(refs));
      await rename(this.path(source), aside);
      await rename(beside, this.path(source));
    } finally {
      await rm(beside, { recursive: true, force: true });
      await rm(aside, { recursive: true, force: true });
    }
  }

  objects(source: Source): ObjectReader {
    return new ObjectReader(this.git.spawnObjectReader(this.path(source)));
  }

  /** Every file of a commit, sorted. @throws InvalidInputError `tree-too-large`, `bad-tree` */
  async listTree(source: Source, commit: string): Promise<TreeEntry[]> {
    const entries: TreeEntry[] = [];
    let rest: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = whole.indexOf(0, start); end >= 0; end = whole.indexOf(0, start)) {
        if (entries.length === MAX_TREE_FILES) throw treeTooLarge(commit, `more than ${MAX_TREE_FILES} files`);
        entries.push(parseTreeRecord(whole.toString('utf8', start, end)));
        start = end + 1;
      }
      rest = whole.subarray(start);
      if (rest.length > MAX_PATH_BYTES) throw treeTooLarge(commit, `a path of more than ${MAX_PATH_BYTES} bytes`);
    };
    await this.git.stream(['ls-tree', '-r', '-l', '-z', '--full-tree', commit], { cwd: this.path(source) }, take);
    return sortEntries(entries);
  }

  /** Runs git on the mirror's own objects. */
  async local(source: Source, args: readonly string[], call: Omit<LocalCall, 'cwd'> = {}) {
    return this.git.local(args, { ...call, cwd: this.path(source) });
  }

  /** Folder of the bare mirror; its name is a digest, since a URL is no file name. */
  path(source: Source): string {
    const name = createHash('sha256').update(source.remote.display).digest('hex').slice(0, 24);
    return join(this.folder, `${name}.git`);
  }

  private async ensure(source: Source): Promise<void> {
    const path = this.path(source);
    if (await isFile(join(path, 'HEAD'))) return;
    const beside = join(this.folder, `.new-${randomUUID()}`);
    try {
      await this.init(beside);
      await rm(path, { recursive: true, force: true });
      await rename(beside, path);
    } finally {
      await rm(beside, { recursive: true, force: true });
    }
  }

  private async init(path: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.git.local(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', path], {
      cwd: this.folder,
    });
  }

  private async fetchInto(path: string, source: Source, refspecs: readonly string[]): Promise<void> {
    await this.git.remote(
      [
        'fetch',
        // Progress is the sign of life by which a slow server is told from a dead one.
        '--progress',
        '--no-tags',
        '--prune',
        '--no-auto-maintenance',
        '--no-write-fetch-head',
        '--no-show-forced-updates',
        '--no-recurse-submodules',
        '--',
        source.remote.display,
        ...refspecs,
      ],
      {
        cwd: path,
        access: await this.access(source),
        action: 'fetch',
        timeoutMs: this.limits.fetchTimeoutMs,
        silenceMs: this.limits.silenceMs,
      },
    );
  }

  private async access(source: Source): Promise<RemoteAccess> {
    const { username, token, tokenFile } = source.credentials;
    return {
      remote: source.remote,
      username,
      token: token ?? (tokenFile === null ? null : (await readFile(tokenFile, 'utf8')).trim()),
      pinnedAddresses: await pinnedAddresses(source),
    };
  }
}

/**
 * A refspec with a glob at the end: unlike a plain one it does not fail when the branch does not exist, and it lets a
 * branch `x` be replaced by `x/y`. It may bring branches whose names begin alike; they are not looked at.
 */
function refspecsOf(refs: readonly string[]): string[] {
  return refs.map((ref) => `+${ref}*:${ref}*`);
}

function treeTooLarge(commit: string, what: string): InvalidInputError {
  return new InvalidInputError('tree-too-large', `The commit ${commit} holds ${what}; Gitway does not read it.`);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
