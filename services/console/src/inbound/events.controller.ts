import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { nameSchema } from '@gitway/contracts';
import { TransientError } from '@gitway/errors';
import { zodQuery } from '@gitway/http';
import { logger } from '@gitway/observability';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { RecentFacts } from '../app/recent-facts.ts';
import { StreamFacts } from '../app/stream-facts.ts';
import type { Principal } from '../domain/access.ts';
import type { FactFilter } from '../domain/facts.ts';
import { ForPeople, Needs, Who } from './access.guard.ts';
import { responseSink } from './response-sink.ts';

const sequence = z
  .string()
  .regex(/^\d{1,18}$/, 'must be the id of an event, a whole number')
  .transform(BigInt);
const filterShape = {
  after: sequence.optional(),
  /** `deployed,rolled-back` */
  facts: z
    .string()
    .max(1_000)
    .transform((list) => new Set(list.split(',').filter((fact) => fact !== '')))
    .optional(),
  environment: nameSchema.optional(),
};
const streamQuery = z.strictObject(filterShape);
const recentQuery = z.strictObject({ ...filterShape, limit: z.coerce.number().int().min(1).max(500).default(50) });

export interface StreamLimits {
  readonly heartbeatMs: number;
  readonly stallMs: number;
  readonly maxReaders: number;
}
export const STREAM_LIMITS = Symbol('STREAM_LIMITS');

@ForPeople()
@Needs('read')
@Controller('api/events')
export class EventsController {
  private readers = 0;

  constructor(
    private readonly streamFacts: StreamFacts,
    private readonly recentFacts: RecentFacts,
    @Inject(STREAM_LIMITS) private readonly limits: StreamLimits,
  ) {}

  /** Server-sent events without end. `Last-Event-ID` (sent by a reader that comes back) goes before `after`. */
  @Get()
  async stream(
    @Query(zodQuery(streamQuery)) query: z.infer<typeof streamQuery>,
    @Req() request: Request,
    @Res() response: Response,
    @Who() who: Principal,
  ): Promise<void> {
    const lastId = sequence.safeParse(request.header('last-event-id'));
    const after = lastId.success ? lastId.data : (query.after ?? null);
    if (this.readers >= this.limits.maxReaders) {
      throw new TransientError('too-many-readers', `More than ${this.limits.maxReaders} readers; try again later.`);
    }
    this.readers += 1;
    response.status(200).set({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    try {
      const { heartbeatMs, stallMs } = this.limits;
      const sink = responseSink(response);
      const end = await this.streamFacts.run(sink, { after, filter: filterOf(query), heartbeatMs, stallMs });
      if (end === 'stalled') {
        logger('events').warn(`dropped the reader of ${who.name}: it took nothing for ${stallMs} ms`);
        response.destroy();
      } else response.end();
    } finally {
      this.readers -= 1;
    }
  }

  @Get('recent')
  async recent(@Query(zodQuery(recentQuery)) query: z.infer<typeof recentQuery>) {
    const { after, limit } = query;
    return { items: await this.recentFacts.run({ after: after ?? null, limit, filter: filterOf(query) }) };
  }
}

function filterOf(query: { facts?: Set<string> | undefined; environment?: string | undefined }): FactFilter {
  return { facts: query.facts ?? null, environment: query.environment ?? null };
}
