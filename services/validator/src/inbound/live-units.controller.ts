import { type LiveUnitsQuery, liveUnitsQuerySchema, type LiveUnitsView, nameSchema } from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ListLiveUnits } from '../app/list-live-units.ts';

/** What is live, as the console asks for it. */
@Controller('environments')
export class LiveUnitsController {
  constructor(private readonly listLiveUnits: ListLiveUnits) {}

  @Get(':environment/units')
  units(
    @Param('environment', zodParam(nameSchema)) environment: string,
    @Query(zodQuery(liveUnitsQuerySchema)) query: LiveUnitsQuery,
  ): Promise<LiveUnitsView> {
    return this.listLiveUnits.run(environment, query);
  }
}
