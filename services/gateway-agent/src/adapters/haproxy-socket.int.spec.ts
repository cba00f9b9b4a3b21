import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { tempDir } from '@gitway/testing';
import { ask } from './haproxy-socket.ts';

const folder = tempDir();
let server: Server;
afterEach(() => void server.close());

/** A socket with room for few connections that wait, as HAProxy's. */
async function listen(answer: (command: string) => string | null): Promise<string> {
  const path = join(folder.path(), 'admin.sock');
  server = createServer({ allowHalfOpen: true }, (socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (piece: Buffer) => (text += piece.toString('utf8')));
    socket.on('end', () => {
      const said = answer(text.trim());
      if (said !== null) socket.end(said);
    });
  });
  server.listen({ path, backlog: 4 });
  await once(server, 'listening');
  return path;
}

describe('HAProxy’s socket', () => {
  it('is asked more than it can hold at once, and turns nothing away', async () => {
    const path = await listen((command) => `said ${command}`);
    const answers = await Promise.all(Array.from({ length: 200 }, (_, index) => ask(path, `show map ${index}`)));
    expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => `said show map ${index}`));
  });

  it('lets the next in after one that got no answer', async () => {
    const path = await listen((command) => (command === 'silent' ? null : 'said'));
    const silent = Promise.allSettled(Array.from({ length: 6 }, () => ask(path, 'silent', 50)));
    expect(await ask(path, 'show info')).toBe('said');
    expect((await silent).map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'rejected'));
  });
});
