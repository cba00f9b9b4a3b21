import { createHmac } from 'node:crypto';
import { messageOf, TransientError } from '@gitway/errors';
import { cloudEventJson } from '../../domain/cloud-event.ts';
import type { ChannelSettings } from '../../domain/channel-settings.ts';
import type { Channel, Notification } from './channel.ts';

type WebhookSettings = Extract<ChannelSettings, { type: 'webhook' }>;

export interface WebhookOptions {
  readonly timeoutMs: number;
  /** Seconds are what is signed; given for tests. */
  readonly now: () => Date;
}

/** Of an answer no more than this is read. */
const MAX_ANSWER_BYTES = 1_024;

/**
 * Posts the fact as a CloudEvent, signed as Standard Webhooks has it (https://www.standardwebhooks.com): headers
 * `webhook-id` (the delivery, the same with every attempt), `webhook-timestamp` (seconds) and `webhook-signature`
 * (`v1,` and the base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>`). A receiver checks the signature, refuses time
 * stamps that are minutes off, and remembers ids. Redirects are not followed: the signature is for one address.
 */
export class WebhookChannel implements Channel {
  constructor(
    private readonly settings: WebhookSettings,
    private readonly options: WebhookOptions,
  ) {}

  async post({ delivery, event }: Notification): Promise<void> {
    const body = cloudEventJson(event);
    const timestamp = String(Math.floor(this.options.now().getTime() / 1000));
    let response: Response;
    try {
      response = await fetch(this.settings.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json; charset=utf-8',
          'user-agent': 'gitway-notifier',
          'webhook-id': delivery,
          'webhook-timestamp': timestamp,
          'webhook-signature': signature(this.settings.secret, delivery, timestamp, body),
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.options.timeoutMs),
      });
    } catch (error) {
      throw new TransientError('webhook-unreachable', reasonOf(error, this.options.timeoutMs), { cause: error });
    }
    const answer = await firstBytes(response);
    if (response.ok) return;
    throw new TransientError('webhook-refused', `the receiver answered ${response.status}${answer && `: ${answer}`}`);
  }
}

/** `v1,<base64>` over `<id>.<timestamp>.<body>`. */
export function signature(secret: string, id: string, timestamp: string, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret, 'utf8');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

function reasonOf(error: unknown, timeoutMs: number): string {
  const { name, cause } = error as { name?: unknown; cause?: { code?: unknown } };
  if (name === 'TimeoutError') return `no answer within ${timeoutMs} ms`;
  // fetch says no more than "fetch failed"; the address is left out, since it may be a secret by itself.
  return typeof cause?.code === 'string' ? `not reachable (${cause.code})` : `not reachable: ${messageOf(error)}`;
}

async function firstBytes(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  let text = Buffer.alloc(0);
  try {
    while (text.byteLength < MAX_ANSWER_BYTES) {
      const { done, value } = await reader.read();
      if (done) break;
      text = Buffer.concat([text, value]);
    }
  } catch {
    // The status is what counts; the rest of the answer is a courtesy.
  }
  await reader.cancel().catch(() => {});
  return text
    .subarray(0, MAX_ANSWER_BYTES)
    .toString('utf8')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}
