import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { tryLock } from '../supervisor/process-lock.ts';
import { reset } from './reset-command.ts';
import { loadSecrets } from './secrets.ts';
import { StateDirectory } from './state-directory.ts';

let state: StateDirectory;

beforeEach(() => {
  state = new StateDirectory(mkdtempSync(join(tmpdir(), 'gitway-reset-')));
  state.create();
  loadSecrets(state);
  mkdirSync(join(state.path, 'cache', 'servers'), { recursive: true });
  writeFileSync(join(state.data, 'x'), 'x');
});

describe('reset', () => {
  it('forgets everything but downloaded servers', async () => {
    await reset(state);
    expect(readdirSync(state.path)).toEqual(['cache']);
    expect(existsSync(join(state.path, 'cache', 'servers'))).toBe(true);
  });

  it('refuses while a platform runs, and says how to stop it', async () => {
    const lock = tryLock(state.lock, 'a platform');
    await expect(reset(state)).rejects.toThrow(new RegExp(`process ${process.pid}[^]*kill ${process.pid}`));
    expect(existsSync(state.secrets)).toBe(true);
    if (lock.taken) lock.release();
  });

  it('removes a clone only when all of its work was pushed, or when it is told to', async () => {
    const clone = state.userClone;
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=You', '-c', 'user.email=you@example.com', ...args], { cwd: clone });
    const server = mkdtempSync(join(tmpdir(), 'gitway-server-'));
    execFileSync('git', ['init', '-q', '--bare', server]);
    execFileSync('git', ['clone', '-q', server, clone], { stdio: 'ignore' });
    writeFileSync(join(clone, 'api.yaml'), '1');
    await expect(reset(state)).rejects.toThrow(/my-apis holds changes that were not committed[^]*reset -- --all/);
    git('add', '.');
    git('commit', '-qm', 'work');
    await expect(reset(state)).rejects.toThrow('my-apis holds commits that were not pushed');
    expect(existsSync(join(clone, 'api.yaml')) && existsSync(state.secrets)).toBe(true);
    git('push', '-q', 'origin', 'HEAD:refs/heads/main');
    await reset(state);
    expect(existsSync(clone)).toBe(false);
  });

  it('takes what is no clone for work, and removes it with --all', async () => {
    mkdirSync(state.userClone);
    writeFileSync(join(state.userClone, 'api.yaml'), '1');
    await expect(reset(state)).rejects.toThrow('my-apis is no clone');
    await reset(state, { all: true });
    expect(existsSync(state.userClone)).toBe(false);
  });

  it('removes nothing from a folder that is no state directory', async () => {
    const other = mkdtempSync(join(tmpdir(), 'gitway-other-'));
    writeFileSync(join(other, 'thesis.txt'), 'x');
    await expect(reset(new StateDirectory(other))).rejects.toThrow("holds no platform's state");
    expect(existsSync(join(other, 'thesis.txt'))).toBe(true);
  });
});
