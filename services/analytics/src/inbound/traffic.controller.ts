import { nameSchema, type TrafficView } from '@gitway/contracts';
import { zodQuery } from '@gitway/http';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';
import { ReadTraffic } from '../app/read-traffic.ts';

const querySchema = z.object({
  environment: nameSchema,
  minutes: z.coerce.number().int().min(1).max(180).default(15),
});

@Controller('traffic')
export class TrafficController {
  constructor(private readonly readTraffic: ReadTraffic) {}

  @Get()
  read(@Query(zodQuery(querySchema)) query: z.infer<typeof querySchema>): Promise<TrafficView> {
    return this.readTraffic.run(query.environment, query.minutes);
  }
}
