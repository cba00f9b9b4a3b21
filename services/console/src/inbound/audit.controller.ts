import { Controller, Get, Query } from '@nestjs/common';
import { nameSchema } from '@gitway/contracts';
import { zodQuery } from '@gitway/http';
import { z } from 'zod';
import { ListAudit } from '../app/list-audit.ts';
import { ForPeople, Needs } from './access.guard.ts';

const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z
    .string()
    .regex(/^\d{1,18}$/, 'must be the id of an entry')
    .optional(),
  environment: nameSchema.optional(),
});

@ForPeople()
@Needs('audit')
@Controller('api/audit')
export class AuditController {
  constructor(private readonly listAudit: ListAudit) {}

  @Get()
  async list(@Query(zodQuery(auditQuery)) { limit, before, environment }: z.infer<typeof auditQuery>) {
    return { items: await this.listAudit.run({ limit, before, environment }) };
  }
}
