import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../repository-root.ts';
import { generatedFiles } from './generate-command.ts';

describe('generated documents', () => {
  // A published event never changes: where a schema differs here, the change needs a new version of the event.
  it.each([...generatedFiles()])('%s is current (npm run generate)', async (path, content) => {
    expect(await readFile(join(repositoryRoot, path), 'utf8')).toBe(content);
  });
});
