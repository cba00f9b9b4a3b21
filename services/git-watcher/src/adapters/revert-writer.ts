import { ConflictError, NotFoundError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { CAUSE_TRAILER, trailerOf } from '../domain/commit.ts';
import type { Source } from '../domain/source.ts';
import { Mirrors } from './mirrors.ts';

const identity = { name: 'Gitway', email: 'gitway@users.noreply.invalid' };
/** How far back a revert of the same cause is looked for. */
const searchedCommits = 2000;

export type BranchState =
  /** The bad commit is part of the branch. */
  | { readonly kind: 'held'; readonly head: string; readonly tree: string; readonly subject: string }
  /** The branch was moved to where the bad commit is no part of it. */
  | { readonly kind: 'not-held' }
  /** A commit of the same cause is there already. */
  | { readonly kind: 'written'; readonly commit: string };

/** Makes revert commits in a mirror's object store; nothing is checked out. */
@Injectable()
export class RevertWriter {
  constructor(private readonly mirrors: Mirrors) {}

  /** Makes sure that the mirror has a commit, also when no branch holds it any more. @throws NotFoundError */
  async ensureCommit(source: Source, commit: string): Promise<void> {
    if (await this.has(source, commit)) return;
    await this.mirrors.fetchCommit(source, commit).catch(() => {});
    if (await this.has(source, commit)) return;
    throw new NotFoundError(
      'commit-gone',
      `The commit ${commit} is in the repository no more, so no revert can be made from it; revert by hand.`,
    );
  }

  /** @throws NotFoundError `branch-gone` */
  async stateOf(source: Source, ref: string, bad: string, cause: string): Promise<BranchState> {
    const { output, code } = await this.mirrors.local(
      source,
      ['log', '--no-walk', '--format=%H%n%T', '--end-of-options', ref, '--'],
      { answers: [128] },
    );
    const [head, tree] = output.split('\n');
    if (code !== 0 || !head || !tree) {
      throw new NotFoundError('branch-gone', `${ref} is gone at the server, so there is nothing to revert on.`);
    }
    const within = await this.mirrors.local(source, ['merge-base', '--is-ancestor', bad, head], { answers: [1] });
    if (within.code !== 0) return { kind: 'not-held' };
    const since = await this.mirrors.local(
      source,
      ['log', '-z', `--max-count=${searchedCommits}`, '--format=%H%n%B', `${bad}..${head}`, '--'],
      { maxOutputBytes: 64 * 1024 * 1024 },
    );
    for (const entry of since.output.split('\0')) {
      const cut = entry.indexOf('\n');
      if (cut > 0 && trailerOf(entry.slice(cut + 1), CAUSE_TRAILER) === cause) {
        return { kind: 'written', commit: entry.slice(0, cut) };
      }
    }
    const { output: subject } = await this.mirrors.local(source, ['log', '--no-walk', '--format=%s', bad, '--']);
    return { kind: 'held', head, tree, subject: subject.trim() };
  }

  /**
   * The tree of `head` with everything taken back that leads from `good` to `bad`; later work of others stays.
   * @throws ConflictError `revert-conflict` when later work touches the same lines.
   */
  async revertedTree(source: Source, head: string, bad: string, good: string): Promise<string> {
    const { output: goodTree } = await this.mirrors.local(source, ['rev-parse', '--verify', `${good}^{tree}`]);
    if (head === bad) return goodTree.trim();
    // A commit with the good content and the bad one as its parent: merging it takes the difference back.
    const back = await this.commit(source, goodTree.trim(), bad, 'back', new Date(0));
    const merged = await this.mirrors.local(
      source,
      ['merge-tree', '--write-tree', '--name-only', '-z', '--no-messages', head, back],
      { answers: [1], maxOutputBytes: 16 * 1024 * 1024 },
    );
    const [tree = '', ...conflicts] = merged.output.split('\0').filter((part) => part !== '');
    if (merged.code === 0) return tree.trim();
    const files = conflicts.slice(0, 10).map((path) => JSON.stringify(path));
    throw new ConflictError(
      'revert-conflict',
      `Commits after ${bad} change the same lines as the revert would, in ${files.join(', ')}. ` +
        `Bring the content of ${good} back by hand, or push a commit that mends what was bad; then lift the pin.`,
    );
  }

  /** @returns the id of the new commit */
  async commit(source: Source, tree: string, parent: string, message: string, at: Date): Promise<string> {
    const date = `@${Math.floor(at.getTime() / 1000)} +0000`;
    const { output } = await this.mirrors.local(source, ['commit-tree', tree, '-p', parent, '-F', '-'], {
      input: message,
      env: {
        GIT_AUTHOR_NAME: identity.name,
        GIT_AUTHOR_EMAIL: identity.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_NAME: identity.name,
        GIT_COMMITTER_EMAIL: identity.email,
        GIT_COMMITTER_DATE: date,
      },
    });
    return output.trim();
  }

  private async has(source: Source, commit: string): Promise<boolean> {
    const { code } = await this.mirrors.local(source, ['cat-file', '-e', `${commit}^{commit}`], { answers: [1, 128] });
    return code === 0;
  }
}
