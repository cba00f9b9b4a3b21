import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GitFolder } from '../testing/git-folder.ts';
import { GitTree } from './git-tree.ts';

const open: { close(): void }[] = [];
const folders: GitFolder[] = [];
afterEach(() => {
  for (const tree of open.splice(0)) tree.close();
  for (const folder of folders.splice(0)) folder.remove();
});

function repository(): GitFolder {
  const folder = new GitFolder();
  folders.push(folder);
  return folder;
}

async function treeOf(folder: string, revision: string): Promise<GitTree> {
  const tree = await GitTree.open(folder, revision);
  open.push(tree);
  return tree;
}
const textOf = async (tree: GitTree, path: string) => {
  const bytes = await tree.read(path);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
};

describe('a folder at a revision', () => {
  it('has the files of then, whatever lies in the work tree', async () => {
    const folder = repository();
    const first = folder.commit({ 'a.yaml': 'one\n', 'b/c.yaml': 'two\n' });
    folder.commit({ 'a.yaml': 'changed\n' });
    folder.write({ 'a.yaml': 'not committed\n' });
    const tree = await treeOf(folder.path, 'HEAD~1');
    expect(tree.commit).toBe(first);
    expect((await tree.list()).map(({ path, mode, size }) => [path, mode, size])).toEqual([
      ['a.yaml', '100644', 4],
      ['b/c.yaml', '100644', 4],
    ]);
    expect(await textOf(tree, 'a.yaml')).toBe('one\n');
    expect(await textOf(await treeOf(folder.path, 'main'), 'a.yaml')).toBe('changed\n');
  });

  it('answers many files asked at once, empty and large ones among them', async () => {
    const folder = repository();
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, index) => [`f${index}`, index % 7 === 0 ? '' : `${index}\n`.repeat(index * 50)]),
    );
    folder.commit({ ...files, big: Buffer.alloc(3_000_000, 0xff) });
    const tree = await treeOf(folder.path, 'HEAD');
    const found = await Promise.all(Object.keys(files).map((path) => textOf(tree, path)));
    expect(found).toEqual(Object.values(files));
    expect(Buffer.alloc(3_000_000, 0xff).equals((await tree.read('big'))!)).toBe(true);
  });

  it('of a repository is relative to the folder, which need not have been there', async () => {
    const folder = repository();
    folder.commit({ 'other.yaml': 'x' });
    folder.commit({ 'teams/pets [*]/api.yaml': 'y', 'teams/pets [*]/sub/z.yaml': 'z' });
    const path = join(folder.path, 'teams/pets [*]');
    expect((await (await treeOf(path, 'main')).list()).map((entry) => entry.path)).toEqual(['api.yaml', 'sub/z.yaml']);
    expect(await textOf(await treeOf(path, 'main'), 'api.yaml')).toBe('y');
    expect(await (await treeOf(path, 'HEAD~1')).list()).toEqual([]);
  });

  it('leaves out what a check of the folder leaves out, and follows no link', async () => {
    const folder = repository();
    symlinkSync('/etc/passwd', join(folder.path, 'link.yaml'));
    folder.commit({ '.github/x.yaml': '1', 'a/node_modules/b/x.yaml': '2', 'a/\nnew line.yaml': '3', 'a/..file': '4' });
    const tree = await treeOf(folder.path, 'HEAD');
    expect((await tree.list()).map(({ path, mode }) => [path, mode])).toEqual([
      ['a/\nnew line.yaml', '100644'],
      ['a/..file', '100644'],
      ['link.yaml', '120000'],
    ]);
    expect(await tree.read('link.yaml')).toBeUndefined();
    expect(await tree.read('.github/x.yaml')).toBeUndefined();
    expect(await textOf(tree, 'a/..file')).toBe('4');
  });

  it.each(['no-such-branch', '--upload-pack=touch', '-x', 'HEAD:a.yaml', 'HEAD^{tree}', 'main\u0000', ''])(
    'is refused where %j is no commit',
    async (revision) => {
      const folder = repository();
      folder.commit({ 'a.yaml': '1' });
      await expect(GitTree.open(folder.path, revision)).rejects.toMatchObject({
        kind: 'invalid-input',
        slug: 'unknown-base',
      });
    },
  );

  it('is refused outside of a repository', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gitway-none-'));
    await expect(GitTree.open(folder, 'main')).rejects.toMatchObject({ slug: 'no-repository' });
    rmSync(folder, { recursive: true });
  });
});
