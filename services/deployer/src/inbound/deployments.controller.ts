import { type DeploymentView, type EnvironmentView, nameSchema } from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { ListDeployments } from '../app/list-deployments.ts';
import { ListEnvironments } from '../app/list-environments.ts';

const deploymentsQuery = z.object({
  environment: nameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** What the console asks for. */
@Controller()
export class DeploymentsController {
  constructor(
    private readonly environments: ListEnvironments,
    private readonly deployments: ListDeployments,
  ) {}

  @Get('environments')
  async listEnvironments(): Promise<{ items: EnvironmentView[] }> {
    return { items: await this.environments.list() };
  }

  @Get('deployments')
  async listDeployments(
    @Query(zodQuery(deploymentsQuery)) query: z.infer<typeof deploymentsQuery>,
  ): Promise<{ items: DeploymentView[] }> {
    return { items: await this.deployments.list(query) };
  }

  @Get('deployments/:id')
  oneDeployment(@Param('id', zodParam(z.uuid())) id: string): Promise<DeploymentView> {
    return this.deployments.one(id);
  }
}
