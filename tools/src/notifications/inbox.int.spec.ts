import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createInbox, type Delivery } from './inbox.ts';

const secret = 'a secret of some length';
const file = join(mkdtempSync(join(tmpdir(), 'gitway-inbox-')), 'notifications.jsonl');
let server: Server;
let url: string;

beforeAll(async () => {
  server = createInbox(secret, file);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function post(body: string, signedWith: string) {
  const signature = createHmac('sha256', signedWith).update(`msg-1.1700000000.${body}`).digest('base64');
  const headers = { 'webhook-id': 'msg-1', 'webhook-timestamp': '1700000000', 'webhook-signature': `v1,${signature}` };
  return fetch(`${url}/notifications`, { method: 'POST', body, headers });
}

describe('notification inbox', () => {
  it('keeps what came and tells whether it was signed', async () => {
    expect((await post('{"type":"dev.gitway.incident.opened.v1"}', secret)).status).toBe(204);
    expect((await post('{"type":"forged"}', 'another secret')).status).toBe(401);
    const { items } = (await (await fetch(`${url}/deliveries`)).json()) as { items: Delivery[] };
    expect(items.map(({ signed, body }) => ({ signed, body }))).toEqual([
      { signed: true, body: { type: 'dev.gitway.incident.opened.v1' } },
      { signed: false, body: { type: 'forged' } },
    ]);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('refuses a body without end', async () => {
    const response = await post('x'.repeat(2 * 1024 * 1024), secret).catch(() => null);
    expect(response === null || response.status === 413).toBe(true);
  });
});
