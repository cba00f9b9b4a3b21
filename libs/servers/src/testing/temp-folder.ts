import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';

/** A folder for one suite that other users can pass through, as Postgres needs when we are root. */
export function tempFolder(): { path(...names: string[]): string } {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gitway-servers-'));
    chmodSync(folder, 0o711);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return { path: (...names) => join(folder, ...names) };
}
