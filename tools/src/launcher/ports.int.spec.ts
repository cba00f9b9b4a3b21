import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { assignPorts, randomStart } from './ports.ts';

const start = randomStart(Math.random());
let blocker: Server | null = null;

const block = (port: number) =>
  new Promise<void>((resolve) => {
    blocker = createServer().listen(port, '127.0.0.1', resolve);
  });

afterEach(() => new Promise<void>((resolve) => (blocker ? blocker.close(() => resolve()) : resolve())));

describe('ports', () => {
  it('are chosen once, kept, and chosen anew only where somebody took one', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'gitway-ports-')), 'ports.json');
    const first = await assignPorts(file, ['a', 'b'], start);
    expect(new Set(Object.values(first.ports)).size).toBe(2);
    expect((await assignPorts(file, ['a', 'b'], start)).ports).toEqual(first.ports);

    const { a, b } = first.ports as { a: number; b: number };
    await block(a);
    const second = await assignPorts(file, ['a', 'b', 'c'], start);
    expect(second.ports['b']).toBe(b);
    expect(second.ports['a']).not.toBe(a);
    expect(second.changed).toEqual([{ name: 'a', from: a, to: second.ports['a'] }]);
    expect(new Set(Object.values(second.ports)).size).toBe(3);
  });
});
