import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeSuiteFolder, testRoot } from './suite-folder.ts';
import { tempDir } from './temp-dir.ts';

describe('tempDir', () => {
  let used = '';

  describe('during a suite', () => {
    const temp = tempDir();

    it('is there, empty and nobody else’s', () => {
      used = temp.path();
      writeFileSync(join(used, 'file'), '');
      expect(statSync(used).mode & 0o066).toBe(0);
    });
  });

  it('is gone after it', () => {
    expect(used).not.toBe('');
    expect(existsSync(used)).toBe(false);
  });

  it('removes what a killed run left behind, and nothing of runs that live', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const left = join(testRoot(), `suite-${gone}-0`);
    const ours = join(testRoot(), `suite-${process.pid}-kept`);
    mkdirSync(left);
    mkdirSync(ours, { recursive: true });
    rmSync(makeSuiteFolder(), { recursive: true });
    expect(existsSync(left)).toBe(false);
    expect(existsSync(ours)).toBe(true);
    rmSync(ours, { recursive: true });
  });
});
