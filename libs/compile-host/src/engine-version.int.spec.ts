import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { versionOf } from './engine-version.ts';
import { inNode } from './testing/in-node.ts';

describe('the version of the engine', () => {
  it('changes with any code, any library and nothing else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gitway-engine-'));
    try {
      const manifest = (yaml: string) =>
        writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'x', dependencies: { yaml } }));
      const code = (name: string, text: string) => writeFile(join(folder, 'dist', name), text);
      await mkdir(join(folder, 'dist', 'deep'), { recursive: true });
      await manifest('1.0.0');
      await code('index.js', 'one');
      await code('deep/part.js', 'one');
      const before = versionOf([folder]);
      await code('index.unit.spec.js', 'a test');
      await code('index.d.ts', 'types');
      expect(versionOf([folder])).toBe(before);
      await code('deep/part.js', 'two');
      const after = versionOf([folder]);
      expect(after).not.toBe(before);
      await manifest('1.0.1');
      expect(versionOf([folder])).not.toBe(after);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is the same in every process of one release', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => inNode<string>('tell(host.engineVersion());')));
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(two).toBe(one);
  });
});
