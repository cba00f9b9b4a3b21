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

  it('removes nothing from a folder that is no state directory', async () => {
    const other = mkdtempSync(join(tmpdir(), 'gitway-other-'));
    writeFileSync(join(other, 'thesis.txt'), 'x');
    await expect(reset(new StateDirectory(other))).rejects.toThrow("holds no platform's state");
    expect(existsSync(join(other, 'thesis.txt'))).toBe(true);
  });
});
