import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { useRedis } from './use-redis.ts';

/** Sends one inline command and returns the first chunk of the answer. */
function redis(url: string, command: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${command}\r\n`));
    socket.setEncoding('utf8');
    socket.once('error', reject);
    socket.once('data', (answer: string) => {
      socket.destroy();
      resolve(answer);
    });
  });
}

describe('useRedis', () => {
  const server = useRedis();

  it('evicts nothing, as BullMQ needs', async () => {
    expect(await redis(server.url(), 'CONFIG GET maxmemory-policy')).toContain('noeviction');
  });

  it('keeps address and data over a restart, and is away after a kill', async () => {
    expect(await redis(server.url(), 'SET seven 7')).toBe('+OK\r\n');
    await server.restart();
    expect(await redis(server.url(), 'GET seven')).toBe('$1\r\n7\r\n');
    await server.kill();
    await expect(redis(server.url(), 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await redis(server.url(), 'PING')).toBe('+PONG\r\n');
  });
});
