import { expect, it } from '@jest/globals';
import { compileWorkspace } from './compile-workspace.ts';
import { MemoryCache } from './memory-cache.ts';
import { TextCache } from './testing/lasting-cache.ts';
import { wholeWorkspace } from './testing/whole-workspace.ts';
import { permissiveDrivers, workspaceOf } from './testing/workspace.ts';
import type { CompileResult } from './workspace.ts';

const seenFrom = ({ environments, findings, suppressed, counts }: CompileResult) => ({
  ...{ findings, suppressed, counts },
  environments: environments.map(({ name, digest }) => ({ name, digest })),
});

/** Suppressions and acceptances end, certificates expire, sunsets come: all by the time of the compile itself. */
it('a clock that jumps ahead and back leaves nothing behind: each compile is what its own moment says', async () => {
  const drivers = { ...permissiveDrivers, plain: () => [] };
  const compile = (day: string, cache = new MemoryCache(), lasting = new TextCache()) =>
    compileWorkspace(workspaceOf(wholeWorkspace()), { drivers, now: new Date(day), cache, lasting });
  const [cache, lasting] = [new MemoryCache(), new TextCache()];
  const days = ['2026-11-20', '2126-11-20', '2026-11-20', '1996-11-20', '2026-12-31', '2027-01-01', '2026-11-20'];
  const seen: unknown[] = [];
  for (const day of days) {
    const warm = seenFrom(await compile(day, cache, lasting));
    expect(warm).toEqual(seenFrom(await compile(day)));
    expect(seenFrom(await compile(day, new MemoryCache(), lasting))).toEqual(warm);
    seen.push(warm);
  }
  expect(seen[2]).toEqual(seen[0]);
  expect(seen[6]).toEqual(seen[0]);
  // The jump is not one that nothing notices.
  expect(seen[1]).not.toEqual(seen[0]);
  expect(seen[5]).not.toEqual(seen[4]);
});
