import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@gitway/testing';
import { usePlatform } from './testing/use-platform.ts';

const platform = usePlatform();

/** Arguments of every git process that speaks to this address. */
async function gitArguments(address: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes('git') && line.includes(address)) found.push(line.replaceAll('\0', ' '));
  }
  return found;
}

describe('a token', () => {
  it('reaches the server, and stands in no argument, file or URL', async () => {
    const token = 'a-token-that-nobody-may-see';
    const asked: (string | undefined)[] = [];
    const server = createServer((request) => asked.push(request.headers.authorization));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    platform.atEnd(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { source } = await platform.newSource();
    const dataDir = await mkdtemp(join(platform.folder(), 'data-'));
    const watcher = await platform.start(
      [{ ...source, url: `http://${address}/a.git`, token, username: 'bot' }],
      dataDir,
    );
    await waitFor(() => asked.length > 0);
    expect(asked[0]).toBe(`Basic ${Buffer.from(`bot:${token}`).toString('base64')}`);
    if (process.platform === 'linux') {
      const lines = await gitArguments(address);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).not.toContain(token);
        expect(line).not.toMatch(/Authorization|Basic/i);
      }
    }
    for (const file of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(token);
    }
    await watcher.stop();
    // Nothing of git outlives the service.
    if (process.platform === 'linux') await waitFor(async () => (await gitArguments(address)).length === 0);
  });
});
