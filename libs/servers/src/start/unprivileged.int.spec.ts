import { chmodSync, existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run as realRun, type Run } from '../run.ts';
import { tempFolder } from '../testing/temp-folder.ts';
import { canEnter, makeOwnFolder, reachableFolder, removeServerData } from './unprivileged.ts';

const user = { name: 'postgres', uid: 101, gid: 104 };

/** Folders are real; which of them the other user may enter is said here, so that this runs as root and as anybody. */
function entering(open: readonly string[]): Run {
  return (_command, args) => {
    const folder = args.at(-1) ?? '';
    const allowed = open.some((path) => folder === path || folder.startsWith(`${path}/`));
    return Promise.resolve({ code: allowed && existsSync(folder) ? 0 : 2, stdout: '', stderr: '' });
  };
}

describe('reachableFolder', () => {
  const temp = tempFolder();

  it('keeps the folder where the user can go', async () => {
    const wanted = temp.path('open/data');
    const run = entering([temp.path('open')]);
    expect(await reachableFolder(wanted, user, run, [])).toEqual({ folder: wanted, relocated: false });
  });

  it('puts a link where the user cannot go, finds the data again, and removes both', async () => {
    const wanted = temp.path('closed/data');
    const root = temp.path('elsewhere');
    const run = entering([root]);
    const first = await reachableFolder(wanted, user, run, [root]);
    expect(first.relocated).toBe(true);
    expect(readlinkSync(wanted)).toBe(first.folder);
    mkdirSync(first.folder);
    writeFileSync(join(wanted, 'PG_VERSION'), '18\n');
    expect(await reachableFolder(wanted, user, run, [root])).toEqual({
      folder: realpathSync(first.folder),
      relocated: true,
    });
    const other = await reachableFolder(temp.path('closed/other'), user, run, [root]);
    expect(other.folder).not.toBe(first.folder);
    removeServerData(wanted);
    expect(existsSync(first.folder)).toBe(false);
    expect(lstatSync(wanted, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('uses no folder that others may change, and says when there is none left', async () => {
    const root = temp.path('shared');
    mkdirSync(root);
    chmodSync(root, 0o777);
    expect(() => makeOwnFolder(root)).toThrow(/not a folder of ours/);
    const search = reachableFolder(temp.path('closed/third'), user, entering([root]), [root]);
    await expect(search).rejects.toThrow(/postgres can enter neither/);
  });

  it('asks the system by trying', async () => {
    const me = { name: 'me', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    mkdirSync(temp.path('odd $(name)'));
    expect(await canEnter(temp.path('odd $(name)'), me, realRun)).toBe(true);
    expect(await canEnter(temp.path('missing'), me, realRun)).toBe(false);
  });
});
