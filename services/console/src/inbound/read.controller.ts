import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import {
  apiQuerySchema,
  apiViewsSchema,
  catalogueQuerySchema,
  catalogueViewSchema,
  commitSchema,
  commitViewSchema,
  deploymentViewSchema,
  environmentPlanQuerySchema,
  environmentViewSchema,
  incidentViewSchema,
  listOf,
  liveUnitsQuerySchema,
  liveUnitsViewSchema,
  nameSchema,
  planQuerySchema,
  planViewSchema,
  planViewsSchema,
  reportSchema,
  sourceViewSchema,
  trafficViewSchema,
  usageQuerySchema,
  usageViewSchema,
} from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { z } from 'zod';
import { GetStatus } from '../app/get-status.ts';
import { ListDeadLetters } from '../app/list-dead-letters.ts';
import { Upstreams } from '../app/upstreams.ts';
import { ForPeople, Needs } from './access.guard.ts';

const limit = z.coerce.number().int().min(1).max(500).default(50);
const shortLimit = z.coerce.number().int().min(1).max(200).default(50);
const deploymentsQuery = z.strictObject({ environment: nameSchema.optional(), limit });
const commitsQuery = z.strictObject({ source: nameSchema.optional(), limit });
const trafficQuery = z.strictObject({
  environment: nameSchema,
  minutes: z.coerce.number().int().min(1).max(180).default(15),
});
const incidentsQuery = z.strictObject({ state: z.enum(['open', 'resolved']).optional(), limit: shortLimit });
const listQuery = z.strictObject({ limit: shortLimit });
/** What the notifier says of its deliveries is passed on as it is. */
const anyList = listOf(z.looseObject({}));

/** Read-only queries, each answered by the service that owns what is asked for. */
@ForPeople()
@Needs('read')
@Controller('api')
export class ReadController {
  constructor(
    private readonly upstreams: Upstreams,
    private readonly getStatus: GetStatus,
    private readonly listDeadLetters: ListDeadLetters,
  ) {}

  @Get('status')
  @Header('cache-control', 'no-store')
  status() {
    return this.getStatus.run(new Date());
  }

  @Get('environments')
  environments() {
    return this.upstreams.get('deployer', '/environments', {}, listOf(environmentViewSchema));
  }

  @Get('deployments')
  deployments(@Query(zodQuery(deploymentsQuery)) query: z.infer<typeof deploymentsQuery>) {
    return this.upstreams.get('deployer', '/deployments', query, listOf(deploymentViewSchema));
  }

  @Get('sources')
  sources() {
    return this.upstreams.get('git-watcher', '/sources', {}, listOf(sourceViewSchema));
  }

  @Get('commits')
  commits(@Query(zodQuery(commitsQuery)) query: z.infer<typeof commitsQuery>) {
    return this.upstreams.get('validator', '/commits', query, listOf(commitViewSchema));
  }

  @Get('commits/:commit/report')
  report(@Param('commit', zodParam(commitSchema)) commit: string) {
    return this.upstreams.get('validator', `/commits/${commit}/report`, {}, reportSchema);
  }

  /** Against what was live when the commit was judged. */
  @Get('plans/:commit')
  plans(
    @Param('commit', zodParam(commitSchema)) commit: string,
    @Query(zodQuery(planQuerySchema)) query: z.infer<typeof planQuerySchema>,
  ) {
    return this.upstreams.get('validator', `/commits/${commit}/plans`, query, planViewsSchema);
  }

  /** Against what is live now. */
  @Get('environments/:environment/plan')
  plan(
    @Param('environment', zodParam(nameSchema)) environment: string,
    @Query(zodQuery(environmentPlanQuerySchema)) query: z.infer<typeof environmentPlanQuerySchema>,
  ) {
    return this.upstreams.get('validator', `/environments/${environment}/plan`, query, planViewSchema);
  }

  @Get('apis')
  apis(@Query(zodQuery(catalogueQuerySchema)) query: z.infer<typeof catalogueQuerySchema>) {
    return this.upstreams.get('validator', '/apis', query, catalogueViewSchema);
  }

  @Get('apis/:name')
  api(
    @Param('name', zodParam(nameSchema)) name: string,
    @Query(zodQuery(apiQuerySchema)) query: z.infer<typeof apiQuerySchema>,
  ) {
    return this.upstreams.get('validator', `/apis/${name}`, query, apiViewsSchema);
  }

  @Get('environments/:name/units')
  liveUnits(
    @Param('name', zodParam(nameSchema)) name: string,
    @Query(zodQuery(liveUnitsQuerySchema)) query: z.infer<typeof liveUnitsQuerySchema>,
  ) {
    return this.upstreams.get('validator', `/environments/${name}/units`, query, liveUnitsViewSchema);
  }

  @Get('usage')
  usage(@Query(zodQuery(usageQuerySchema)) query: z.infer<typeof usageQuerySchema>) {
    return this.upstreams.get('validator', '/usage', query, usageViewSchema);
  }

  @Get('traffic')
  traffic(@Query(zodQuery(trafficQuery)) query: z.infer<typeof trafficQuery>) {
    return this.upstreams.get('analytics', '/traffic', query, trafficViewSchema);
  }

  @Get('incidents')
  incidents(@Query(zodQuery(incidentsQuery)) query: z.infer<typeof incidentsQuery>) {
    return this.upstreams.get('notifier', '/incidents', query, listOf(incidentViewSchema));
  }

  @Get('incidents/:id')
  incident(@Param('id', zodParam(z.uuid())) id: string) {
    return this.upstreams.get('notifier', `/incidents/${id}`, {}, incidentViewSchema);
  }

  @Get('deliveries')
  deliveries(@Query(zodQuery(listQuery)) query: z.infer<typeof listQuery>) {
    return this.upstreams.get('notifier', '/deliveries', query, anyList);
  }

  @Get('dead-letters')
  async deadLetters(@Query(zodQuery(listQuery)) query: z.infer<typeof listQuery>) {
    return { items: await this.listDeadLetters.run(query.limit) };
  }
}
