import {
  apiQuerySchema,
  type ApiViews,
  type CatalogueQuery,
  catalogueQuerySchema,
  type CatalogueView,
  nameSchema,
} from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ListApis } from '../app/list-apis.ts';
import { ReadApi } from '../app/read-api.ts';

/** The catalogue, as the console asks for it. */
@Controller('apis')
export class ApisController {
  constructor(
    private readonly listApis: ListApis,
    private readonly readApi: ReadApi,
  ) {}

  @Get()
  list(@Query(zodQuery(catalogueQuerySchema)) query: CatalogueQuery): Promise<CatalogueView> {
    return this.listApis.run(query);
  }

  @Get(':name')
  one(
    @Param('name', zodParam(nameSchema)) name: string,
    @Query(zodQuery(apiQuerySchema)) query: { environment?: string },
  ): Promise<ApiViews> {
    return this.readApi.run(name, query.environment);
  }
}
