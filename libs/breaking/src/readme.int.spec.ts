import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { rules } from './registry.ts';

it('lists every rule in the README as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  const cells = rows.map((row) => row.split('|').map((cell) => cell.trim()));
  expect(cells.map(([, id, level, whose, description]) => ({ id, level, whose, description }))).toEqual(
    rules.map(({ id, level, origin, description }) => ({
      id: `\`${id}\``,
      level,
      whose: origin === 'gitway' ? 'ours' : 'oasdiff',
      description,
    })),
  );
});
