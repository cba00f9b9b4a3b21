import { InvalidInputError } from '@gitway/errors';
import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { ReceiveWebhook, type WebhookOutcome } from '../app/receive-webhook.ts';

/** Where forges tell of pushes; reached through the console, which passes on the body as it came. */
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly receiveWebhook: ReceiveWebhook) {}

  @Post(':source')
  @HttpCode(202)
  async receive(
    @Param('source') source: string,
    @Headers() headers: Record<string, string | string[] | undefined>,
    @Body() body: unknown,
  ): Promise<{ outcome: WebhookOutcome }> {
    if (!(body instanceof Uint8Array)) {
      throw new InvalidInputError('bad-webhook-body', 'The webhook has no body; send a JSON object.');
    }
    return { outcome: await this.receiveWebhook.run(source, headers, body) };
  }
}
