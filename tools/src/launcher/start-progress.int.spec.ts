import { describe, expect, it } from '@jest/globals';
import { tellProgress } from './start-progress.ts';

describe('progress of a start', () => {
  it('names what it waits for, few by name, and is silent once all is ready and when it was ended', async () => {
    const said: string[] = [];
    const states = new Map(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [name, 'starting']));
    let asked = 0;
    const end = tellProgress(
      { step: (text) => said.push(text) },
      () => {
        asked += 1;
        if (asked === 2) for (const name of ['a', 'b', 'c', 'd', 'e']) states.set(name, 'ready');
        if (asked === 3) for (const name of ['f', 'g']) states.set(name, 'ready');
        if (asked === 4) end();
        return [...states].map(([name, state]) => ({ name, state }));
      },
      5,
    );
    const deadline = Date.now() + 5_000;
    while (asked < 4 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(said).toEqual(['0 of 7 ready; waiting for a, b, c, d and 3 more', '5 of 7 ready; waiting for f, g']);
  });
});
