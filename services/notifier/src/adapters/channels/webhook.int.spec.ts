import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { EventEnvelope } from '@gitway/contracts';
import { isRetryable, messageOf } from '@gitway/errors';
import { type Receiver, startReceiver } from '../../testing/webhook-receiver.ts';
import { WebhookChannel } from './webhook.ts';

const event: EventEnvelope = {
  id: 'event-1',
  type: 'dev.gitway.incident.opened.v1',
  source: '/gitway/notifier',
  subject: 'gitway.notifier.incident-opened.staging',
  time: '2026-01-01T00:00:00.000Z',
  correlationId: 'story',
  causationId: 'cause',
  traceparent: null,
  data: { title: 'grün' },
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function receiver(): Promise<Receiver> {
  const started = await startReceiver();
  stops.push(() => started.stop());
  return started;
}

const channelTo = (url: string, secret = 'a-secret-of-some-length') =>
  new WebhookChannel(
    { name: 'ops', type: 'webhook', url, secret, facts: ['*'] },
    { timeoutMs: 1_000, now: () => new Date('2026-01-01T00:00:01.999Z') },
  );

async function failureOf(url: string): Promise<unknown> {
  return channelTo(url)
    .post({ delivery: 'd-1', event })
    .then(
      () => {
        throw new Error('it was delivered');
      },
      (error: unknown) => error,
    );
}

describe('a webhook', () => {
  it('is a structured CloudEvent, signed over id, time and body', async () => {
    const { url, received } = await receiver();
    const key = Buffer.from('0123456789abcdef0123456789abcdef');
    await channelTo(url, `whsec_${key.toString('base64')}`).post({ delivery: 'd-1', event });
    const [{ headers, body }] = received as [(typeof received)[0]];
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id: 'event-1',
      type: 'dev.gitway.incident.opened.v1',
      source: '/gitway/notifier',
      subject: 'gitway.notifier.incident-opened.staging',
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      correlationid: 'story',
      causationid: 'cause',
      data: { title: 'grün' },
    });
    expect(headers).toMatchObject({
      'webhook-id': 'd-1',
      'webhook-timestamp': '1767225601',
      'webhook-signature': `v1,${createHmac('sha256', key).update(`d-1.1767225601.${body}`).digest('base64')}`,
    });
  });

  it.each([301, 302, 307, 400, 410, 500, 503])(
    'that is answered %i is not delivered and may be tried again',
    async (status) => {
      const target = await receiver();
      const { url, received, answerWith } = await receiver();
      answerWith(() => ({ status, headers: { location: target.url } }));
      const error = await failureOf(url);
      expect(isRetryable(error)).toBe(true);
      expect(messageOf(error)).toContain(String(status));
      expect(received).toHaveLength(1);
      expect(target.received).toHaveLength(0);
    },
  );

  it('reads no more of an answer than it needs, and says one printable line of it', async () => {
    const endless = createServer((request, response) => {
      request.resume();
      response.writeHead(500);
      const chunk = Buffer.alloc(65_536, 'x\n\u0007');
      const write = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', write);
      write();
    });
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    stops.push(async () => {
      endless.closeAllConnections();
      await new Promise((resolve) => endless.close(resolve));
    });
    const message = messageOf(await failureOf(`http://127.0.0.1:${(endless.address() as AddressInfo).port}/`));
    expect(message.length).toBeLessThan(300);
    expect(message).toMatch(/^[\x20-\x7e]+$/);
  });

  it('that nobody listens to says so without the address, which may hold a secret', async () => {
    const { url, stop } = await receiver();
    await stop();
    const message = messageOf(await failureOf(`${url}/services/T000/B000/secret-token`));
    expect(message).toBe('not reachable (ECONNREFUSED)');
    stops.pop();
  });
});
