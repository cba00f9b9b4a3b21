import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

export interface WebhookTarget {
  readonly url: string;
  readonly secret: string;
}

/** Sends webhooks as a forge does: signed, one delivery id for all attempts, a few retries, never waited for by a push. */
export class WebhookSender {
  private readonly stopping = new AbortController();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly target: WebhookTarget,
    private readonly retryDelaysMs: readonly number[] = [250, 1000, 4000],
  ) {}

  send(event: string, payload: unknown): void {
    const body = JSON.stringify(payload);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/gitway-example',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', this.target.secret).update(body).digest('hex')}`,
    };
    const delivery = this.deliver(headers, body).finally(() => this.underWay.delete(delivery));
    this.underWay.add(delivery);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.underWay);
  }

  private async deliver(headers: Record<string, string>, body: string): Promise<void> {
    for (const delayMs of [0, ...this.retryDelaysMs]) {
      try {
        if (delayMs > 0) await delay(delayMs, undefined, { signal: this.stopping.signal });
        const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(5000)]);
        const response = await fetch(this.target.url, { method: 'POST', headers, body, signal, redirect: 'error' });
        await response.arrayBuffer();
        if (response.ok) return;
        if (response.status < 500 && response.status !== 429) break;
      } catch {
        if (this.stopping.signal.aborted) return;
      }
    }
    process.stderr.write(`webhook ${headers['x-github-delivery']} was not accepted by ${this.target.url}\n`);
  }
}
