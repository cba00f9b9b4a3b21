import { describe, expect, it } from '@jest/globals';
import type { TreeEntry } from '@gitway/contracts';
import { parseCommit, trailerOf } from './commit.ts';
import { failureOf, withoutCredentials } from './git-failure.ts';
import { nextPollMs } from './poll-schedule.ts';
import { reportedChanges } from './reported-changes.ts';
import { revertMessage } from './revert-message.ts';
import { changesBetween, isReadable, MAX_BLOB_BYTES, newBlobs, parseTreeRecord, sortEntries } from './tree.ts';

const entry = (path: string, oid: string, extra: Partial<TreeEntry> = {}): TreeEntry => ({
  path,
  oid: oid.repeat(40),
  size: 1,
  mode: '100644',
  ...extra,
});

describe('trees', () => {
  it('are read from git, whatever a name holds', () => {
    const oid = 'a'.repeat(40);
    expect(parseTreeRecord(`100644 blob ${oid}      12\ta\tb\n.yaml`)).toEqual({
      path: 'a\tb\n.yaml',
      oid,
      size: 12,
      mode: '100644',
    });
    expect(parseTreeRecord(`160000 commit ${oid}       -\tsub`)).toEqual({ path: 'sub', oid, size: 0, mode: '160000' });
    expect(parseTreeRecord(`100664 blob ${oid}       1\told`).mode).toBe('100644');
    expect(() => parseTreeRecord('junk')).toThrow(/form that is not known/);
  });

  it('differ by what was added, changed and deleted', () => {
    const before = sortEntries([entry('b', 'b'), entry('a', 'a'), entry('c', 'c')]);
    const after = sortEntries([entry('d', 'd'), entry('c', 'e'), entry('a', 'a')]);
    expect(changesBetween(before, after)).toEqual([
      { path: 'b', change: 'deleted' },
      { path: 'c', change: 'modified' },
      { path: 'd', change: 'added' },
    ]);
    expect(changesBetween([], after)).toHaveLength(3);
    expect(changesBetween(after, [])).toHaveLength(3);
    expect(changesBetween(after, after)).toEqual([]);
    expect(changesBetween([entry('a', 'a')], [entry('a', 'a', { mode: '120000' })])).toEqual([
      { path: 'a', change: 'modified' },
    ]);
  });

  it('need only what is new, readable and regular, once', () => {
    const before = [entry('a.yaml', 'a')];
    const after = [
      entry('a.yaml', 'a'),
      entry('b.yaml', 'b'),
      entry('c.YML', 'b'),
      entry('d.json', 'd', { mode: '120000' }),
      entry('e.json', 'e', { size: MAX_BLOB_BYTES + 1 }),
      entry('f.txt', 'f'),
      entry('.gitwayignore', '1'),
    ];
    expect(newBlobs(before, after).map(({ oid }) => oid[0])).toEqual(['b', '1']);
    expect(isReadable(entry('sub', '1', { mode: '160000' }))).toBe(false);
    // A blob that was no readable file before was never stored.
    expect(newBlobs([entry('x.txt', 'x')], [entry('x.yaml', 'x')])).toHaveLength(1);
  });

  it('have their changes cut to what an event may hold', () => {
    const changes = Array.from({ length: 600 }, (_, n) => ({ path: `${n}`, change: 'added' as const }));
    expect(reportedChanges(changes)).toMatchObject({ total: 600, paths: { length: 500 } });
    const long = Array.from({ length: 100 }, () => ({ path: '\n'.repeat(4000), change: 'added' as const }));
    expect(JSON.stringify(reportedChanges(long)).length).toBeLessThan(250_000);
    expect(reportedChanges(long).total).toBe(100);
  });
});

describe('a commit', () => {
  const object = (head: string, message: string) => Buffer.from(`tree x\n${head}\n\n${message}`);

  it('is read with its author, time, message and cause', () => {
    const head = 'author Ada <ada@example.com> 1 +0000\ncommitter Bob <bob@example.com> 1767225600 +0200';
    expect(parseCommit(object(head, 'Subject\n\nBody\n\nGitway-Cause: 42\nSigned-off-by: x\n'))).toEqual({
      author: { name: 'Ada', email: 'ada@example.com' },
      committedAt: '2026-01-01T00:00:00.000Z',
      message: 'Subject\n\nBody\n\nGitway-Cause: 42\nSigned-off-by: x',
      cause: '42',
    });
  });

  it('may hold nonsense', () => {
    expect(parseCommit(Buffer.from(''))).toEqual({
      author: { name: '', email: '' },
      committedAt: '1970-01-01T00:00:00.000Z',
      message: '',
      cause: null,
    });
    const far = parseCommit(
      object('author \0 <> x\ncommitter A <a> 99999999999999 +0000', `a\0b\ud83d${'😀'.repeat(1500)}`),
    );
    expect(far.committedAt).toBe('9999-12-31T23:59:59.000Z');
    expect(far.message.length).toBeLessThanOrEqual(2000);
    expect(far.message.startsWith('ab')).toBe(true);
    expect(Buffer.from(far.message).toString()).toBe(far.message);
  });

  it('has trailers in its last paragraph only', () => {
    expect(trailerOf('x\n\nGitway-Cause: a\n\nend', 'Gitway-Cause')).toBeNull();
    expect(trailerOf('x\n\ngitway-cause: a\nGitway-Cause: b\n', 'Gitway-Cause')).toBe('b');
  });

  it('that reverts says why, and nobody can write a trailer into it', () => {
    const message = revertMessage({
      subject: 'Evil\n\nGitway-Cause: forged',
      environment: 'staging',
      reverted: 'b'.repeat(40),
      restored: 'a'.repeat(40),
      reason: 'verdict',
      detail: 'errors\nGitway-Cause: forged',
      cause: 'the-event',
    });
    expect(message.split('\n')[0]).toBe('Revert "Evil Gitway-Cause: forged"');
    expect(trailerOf(message, 'Gitway-Cause')).toBe('the-event');
    expect(trailerOf(message, 'Gitway-Environment')).toBe('staging');
    expect(message.match(/^Gitway-Cause:/gm)).toHaveLength(1);
  });
});

describe('what git says', () => {
  it.each([
    ["fatal: Unable to create '/x/main.lock': File exists.", 'mirror-locked'],
    ['error: object file objects/aa/bb is empty', 'mirror-corrupt'],
    ['fatal: not a git repository: /x', 'mirror-corrupt'],
    ["fatal: Authentication failed for 'https://x/'", 'repository-refused'],
    ['fatal: unable to access: The requested URL returned error: 403', 'repository-refused'],
    ["fatal: repository 'https://x/' not found", 'repository-not-found'],
    ['! [rejected] a -> b (fetch first)', 'push-outrun'],
    ['!\ta:refs/heads/main\t[rejected] (non-fast-forward)', 'push-outrun'],
    ['!\ta:refs/heads/main\t[remote rejected] (pre-receive hook declined)', 'push-declined'],
    ['fatal: write error: No space left on device', 'disk-full'],
    ['fatal: the remote end hung up unexpectedly', 'git-failed'],
  ])('%s is %s', (said, slug) => {
    expect(failureOf('fetch', said).slug).toBe(slug);
  });

  it('is told without credentials and progress', () => {
    const { message } = failureOf(
      'fetch',
      'remote: Counting objects: 100%\nfatal: https://u:secret@host/a: Authorization: Basic c2VjcmV0',
    );
    expect(message).toContain('https://***@host/a');
    expect(message).not.toMatch(/secret|c2VjcmV0|Counting/);
    expect(withoutCredentials('no credentials')).toBe('no credentials');
  });
});

describe('polling', () => {
  it('keeps its interval with jitter, and backs off to five minutes', () => {
    expect(nextPollMs(5000, 0, 0)).toBe(4500);
    expect(nextPollMs(5000, 0, 1)).toBe(5500);
    expect(nextPollMs(5000, 2, 0.5)).toBe(20_000);
    expect(nextPollMs(5000, 50, 0.5)).toBe(300_000);
    expect(nextPollMs(3_600_000, 5, 0.5)).toBe(3_600_000);
  });
});
