import { rmSync } from 'node:fs';
import { afterAll, beforeAll } from '@jest/globals';
import { makeSuiteFolder } from './suite-folder.ts';

/** A folder that is there during the suite (or the describe block) and removed after it. */
export function tempDir(): { path(): string } {
  let folder: string | undefined;
  beforeAll(() => {
    folder = makeSuiteFolder();
  });
  afterAll(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });
  return {
    path: () => {
      if (folder === undefined) throw new Error('tempDir() has a path only while tests run');
      return folder;
    },
  };
}
