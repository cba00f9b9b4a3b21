import { TransientError } from '@gitway/errors';
import { headersToForward } from '../domain/webhook-headers.ts';
import type { ForwardedResponse, Upstreams } from './upstreams.ts';

/** Deliveries under way at once; a forge sends again what is turned away, and polling finds what it does not. */
const MAX_IN_FLIGHT = 64;

/** Hands a forge's delivery to git-watcher, byte for byte, since it is the one that knows the secret. */
export class ForwardWebhook {
  private readonly upstreams: Upstreams;
  private inFlight = 0;

  constructor(upstreams: Upstreams) {
    this.upstreams = upstreams;
  }

  async run(
    source: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: Uint8Array,
  ): Promise<ForwardedResponse> {
    if (this.inFlight >= MAX_IN_FLIGHT) {
      throw new TransientError('too-many-deliveries', 'Too many deliveries at once; send this one again.');
    }
    this.inFlight += 1;
    try {
      return await this.upstreams.post('git-watcher', `/webhooks/${source}`, headersToForward(headers), body);
    } finally {
      this.inFlight -= 1;
    }
  }
}
