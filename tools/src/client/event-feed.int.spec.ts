import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deployed, driftResolved } from '@gitway/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsoleClient } from './console-client.ts';
import { EventFeed } from './event-feed.ts';

let server: Server;
let console: ConsoleClient;
let readers: ServerResponse[];
let asked: string[];
let feed: EventFeed | null = null;

beforeEach(async () => {
  readers = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    readers.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  console = new ConsoleClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'token');
});

afterEach(async () => {
  await feed?.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function tell(sequence: number, type: string, data: unknown): void {
  const fact = {
    id: `id-${sequence}`,
    type,
    source: '/gitway/deployer',
    subject: 'gitway.deployer.x.staging',
    time: new Date().toISOString(),
  };
  const whole = { ...fact, correlationId: 'c', causationId: null, traceparent: null, data };
  readers.at(-1)?.write(`id: ${sequence}\ndata: ${JSON.stringify(whole)}\n\n`);
}

describe('event feed', () => {
  it('finds facts that came before they were asked for and waits for those that come', async () => {
    feed = await EventFeed.open(console);
    expect(asked).toEqual(['/api/events Bearer token']);
    const early = feed.until(deployed, ({ commit }) => commit === 'a', { timeoutMs: 5_000 });
    tell(1, deployed.type, { commit: 'a' });
    expect((await early).data.commit).toBe('a');
    expect((await feed.until(deployed, ({ commit }) => commit === 'a', { timeoutMs: 5_000 })).id).toBe('id-1');
  });

  it('says what came instead of what was waited for', async () => {
    feed = await EventFeed.open(console);
    tell(1, deployed.type, {});
    await expect(feed.until(driftResolved, () => true, { timeoutMs: 200, what: 'healing' })).rejects.toThrow(
      'healing did not come within 200 ms; seen meanwhile: deployed.v1',
    );
  });

  it('comes back after a lost connection with the last id', async () => {
    feed = await EventFeed.open(console);
    tell(41, deployed.type, { commit: 'a' });
    await feed.until(deployed, ({ commit }) => commit === 'a', { timeoutMs: 5_000 });
    readers[0]?.destroy();
    const next = feed.until(deployed, ({ commit }) => commit === 'b', { timeoutMs: 5_000 });
    const deadline = Date.now() + 5_000;
    while (readers.length < 2 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked[1]).toBe('/api/events?after=41 Bearer token');
    tell(42, deployed.type, { commit: 'b' });
    expect((await next).id).toBe('id-42');
  });
});
