import {
  commitSchema,
  environmentPlanQuerySchema,
  nameSchema,
  planQuerySchema,
  type PlanView,
  type PlanViews,
} from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ReadPlans } from '../app/read-plans.ts';

/** What commits change, as the console asks for it. */
@Controller()
export class PlansController {
  constructor(private readonly plans: ReadPlans) {}

  @Get('commits/:commit/plans')
  ofCommit(
    @Param('commit', zodParam(commitSchema)) commit: string,
    @Query(zodQuery(planQuerySchema)) query: { environment?: string },
  ): Promise<PlanViews> {
    return this.plans.ofCommit(commit, query.environment);
  }

  @Get('environments/:environment/plan')
  againstLive(
    @Param('environment', zodParam(nameSchema)) environment: string,
    @Query(zodQuery(environmentPlanQuerySchema)) query: { commit: string },
  ): Promise<PlanView> {
    return this.plans.againstLive(environment, query.commit);
  }
}
