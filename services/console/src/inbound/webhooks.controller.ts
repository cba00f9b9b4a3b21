import { Controller, Param, Post, Req, Res } from '@nestjs/common';
import { nameSchema } from '@gitway/contracts';
import { Open, zodParam } from '@gitway/http';
import type { Request, Response } from 'express';
import { ForwardWebhook } from '../app/forward-webhook.ts';

/** Open to every forge: what makes a delivery true is its signature, which git-watcher checks. */
@Open()
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly forwardWebhook: ForwardWebhook) {}

  @Post(':source')
  async deliver(
    @Param('source', zodParam(nameSchema)) source: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const answer = await this.forwardWebhook.run(source, request.headers, bytes);
    response.status(answer.status);
    if (answer.contentType !== null) response.set('content-type', answer.contentType);
    response.send(Buffer.from(answer.body));
  }
}
