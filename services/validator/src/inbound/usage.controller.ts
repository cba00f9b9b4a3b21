import { type UsageQuery, usageQuerySchema, type UsageView } from '@gitway/contracts';
import { zodQuery } from '@gitway/http';
import { Controller, Get, Query } from '@nestjs/common';
import { ReadUsage } from '../app/read-usage.ts';

/** Who calls what, as the console asks for it. */
@Controller('usage')
export class UsageController {
  constructor(private readonly readUsage: ReadUsage) {}

  @Get()
  read(@Query(zodQuery(usageQuerySchema)) query: UsageQuery): Promise<UsageView> {
    return this.readUsage.run(query);
  }
}
