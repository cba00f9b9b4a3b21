import { NotFoundError } from '@gitway/errors';
import type { ChannelSettings } from '../../domain/channel-settings.ts';
import type { Channel, Notification } from './channel.ts';
import { WebhookChannel, type WebhookOptions } from './webhook.ts';

const makers: { [Type in ChannelSettings['type']]: (settings: ChannelSettings, options: WebhookOptions) => Channel } = {
  webhook: (settings, options) => new WebhookChannel(settings, options),
};

/** The channels of this installation, by name. */
export class Channels {
  private readonly channels: Map<string, Channel>;

  constructor(
    readonly settings: readonly ChannelSettings[],
    options: WebhookOptions,
  ) {
    this.channels = new Map(settings.map((each) => [each.name, makers[each.type](each, options)]));
  }

  /** @throws NotFoundError when the channel is not configured any more; else what the channel throws. */
  async post(name: string, notification: Notification): Promise<void> {
    const channel = this.channels.get(name);
    if (channel === undefined) throw new NotFoundError('no-such-channel', `channel ${name} is not configured any more`);
    await channel.post(notification);
  }
}
