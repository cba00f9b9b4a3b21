import { NO_COMMIT, type RefChange } from './git-refs.ts';
import { runGit } from './run-git.ts';

export interface PushedRepository {
  readonly name: string;
  readonly path: string;
  readonly cloneUrl: string;
  readonly env: Record<string, string>;
}

/**
 * The body of GitHub's `push` event for one changed ref, with the members that a reader of pushes uses.
 * Source: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
 */
export async function pushEvent(repository: PushedRepository, change: RefChange, pusher: string) {
  const created = change.before === NO_COMMIT;
  const deleted = change.after === NO_COMMIT;
  const { commits, forced } = deleted ? { commits: [], forced: false } : await commitsOf(repository, change, created);
  return {
    ref: change.ref,
    before: change.before,
    after: change.after,
    created,
    deleted,
    forced,
    base_ref: null,
    commits,
    head_commit: commits.at(-1) ?? null,
    repository: {
      name: repository.name,
      full_name: `example/${repository.name}`,
      clone_url: repository.cloneUrl,
      default_branch: 'main',
    },
    pusher: { name: pusher },
    sender: { login: pusher, type: 'User' },
  };
}

/** Oldest first, at most 20, as GitHub has it. A ref that left commits behind was forced. */
async function commitsOf(repository: PushedRepository, change: RefChange, created: boolean) {
  const range = created ? change.after : `${change.before}...${change.after}`;
  const format = '--format=%m%x00%H%x00%T%x00%an%x00%ae%x00%aI%x00%B%x01';
  const text = await runGit(['log', '--left-right', '--max-count=20', format, range, '--'], {
    cwd: repository.path,
    env: repository.env,
  });
  const rows = text
    .split('\x01')
    .map((row) => row.replace(/^\n/, '').split('\0'))
    .filter((row) => row.length === 7);
  const commits = rows
    .filter(([side]) => side === '>')
    .reverse()
    .map(([, id, tree_id, name, email, timestamp, message]) => ({
      id,
      tree_id,
      timestamp,
      message: message?.trimEnd(),
      author: { name, email },
    }));
  return { commits, forced: rows.some(([side]) => side === '<') };
}
