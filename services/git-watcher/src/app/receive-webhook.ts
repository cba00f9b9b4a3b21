import { ForbiddenError } from '@gitway/errors';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { SourceStore } from '../adapters/source-store.ts';
import { SourceRegistry } from '../domain/source-registry.ts';
import { readWebhook, verifyWebhook, type WebhookHeaders } from '../domain/webhook.ts';
import { WatchSources } from './watch-sources.ts';

/** What was made of a webhook, for the forge's delivery log. */
export type WebhookOutcome = 'asking' | 'replayed' | 'pong' | 'not-a-push' | 'not-followed';

/** Checks a webhook and has the repository asked. Answers before that is done, whatever the repository's size. */
@Injectable()
export class ReceiveWebhook {
  constructor(
    private readonly registry: SourceRegistry,
    private readonly store: SourceStore,
    private readonly watch: WatchSources,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundError, ForbiddenError, InvalidInputError */
  async run(name: string, headers: WebhookHeaders, body: Uint8Array): Promise<WebhookOutcome> {
    const receivedAt = this.clock.now();
    const source = this.registry.get(name);
    if (source.webhookSecret === null) {
      throw new ForbiddenError('webhooks-off', `Source "${name}" takes no webhooks; give it a "webhookSecret" first.`);
    }
    verifyWebhook(headers, body, source.webhookSecret);
    const hint = readWebhook(headers, body);
    const isNew = await this.store.noteDelivery(source.name, hint.deliveryId, receivedAt);
    if (!isNew) return 'replayed';
    if (hint.kind === 'ping') return 'pong';
    if (hint.kind === 'other') return 'not-a-push';
    const concerns = hint.refs.length === 0 || hint.refs.some(({ ref }) => source.refs.includes(ref));
    if (!concerns) return 'not-followed';
    this.watch.ask(source, 'webhook', receivedAt);
    return 'asking';
  }
}
