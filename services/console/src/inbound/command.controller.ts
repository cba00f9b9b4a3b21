import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import {
  approvalGranted,
  approveCommandSchema,
  deployCommandSchema,
  deployRequested,
  nameSchema,
  replayCommandSchema,
  replayRequested,
  rollbackCommandSchema,
  rollbackRequested,
} from '@gitway/contracts';
import { zodBody, zodParam } from '@gitway/http';
import { z } from 'zod';
import { CheckTarget } from '../app/check-target.ts';
import { RequestCommand } from '../app/request-command.ts';
import type { Principal } from '../domain/access.ts';
import { ForPeople, Needs, Who } from './access.guard.ts';

const environmentParam = () => zodParam(nameSchema);

/** Commands: answered 202 as soon as the request is stated; what becomes of it is to be seen at `/api/events`. */
@ForPeople()
@Needs('command')
@Controller('api')
export class CommandController {
  constructor(
    private readonly commands: RequestCommand,
    private readonly targets: CheckTarget,
  ) {}

  @Post('environments/:environment/deploy')
  @HttpCode(202)
  async deploy(
    @Param('environment', environmentParam()) environment: string,
    @Body(zodBody(deployCommandSchema)) { commit, reason }: z.infer<typeof deployCommandSchema>,
    @Who() who: Principal,
  ) {
    await this.targets.environment(environment);
    const record = { action: 'deploy', environment, reason, target: { commit } } as const;
    return this.commands.run(who, record, deployRequested, { environment, commit, reason, actor: who.name });
  }

  @Post('environments/:environment/rollback')
  @HttpCode(202)
  async rollback(
    @Param('environment', environmentParam()) environment: string,
    @Body(zodBody(rollbackCommandSchema)) { commit, reason }: z.infer<typeof rollbackCommandSchema>,
    @Who() who: Principal,
  ) {
    await this.targets.environment(environment);
    const target = commit === undefined ? {} : { commit };
    return this.commands.run(who, { action: 'rollback', environment, reason, target }, rollbackRequested, {
      environment,
      commit: commit ?? null,
      reason,
      actor: who.name,
    });
  }

  @Post('environments/:environment/approve')
  @HttpCode(202)
  async approve(
    @Param('environment', environmentParam()) environment: string,
    @Body(zodBody(approveCommandSchema)) { deployment, reason }: z.infer<typeof approveCommandSchema>,
    @Who() who: Principal,
  ) {
    await this.targets.awaitsApproval(environment, deployment);
    const record = { action: 'approve', environment, reason, target: { deployment } } as const;
    return this.commands.run(who, record, approvalGranted, { environment, deployment, reason, actor: who.name });
  }

  @Post('dead-letters/:sequence/replay')
  @HttpCode(202)
  replay(
    @Param('sequence', zodParam(z.coerce.number().int().positive())) sequence: number,
    @Body(zodBody(replayCommandSchema)) { service }: z.infer<typeof replayCommandSchema>,
    @Who() who: Principal,
  ) {
    const target = { service, sequence: String(sequence) };
    return this.commands.run(who, { action: 'replay', environment: null, reason: null, target }, replayRequested, {
      service,
      sequence,
      actor: who.name,
    });
  }
}
