import { commitSchema, type CommitView, nameSchema, type Report } from '@gitway/contracts';
import { zodParam, zodQuery } from '@gitway/http';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { z } from 'zod';
import { ListCommits } from '../app/list-commits.ts';
import { ReadReport } from '../app/read-report.ts';

const commitsQuery = z.object({
  source: nameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

/** What the console asks for. */
@Controller('commits')
export class CommitsController {
  constructor(
    private readonly commits: ListCommits,
    private readonly reports: ReadReport,
  ) {}

  @Get()
  async list(@Query(zodQuery(commitsQuery)) query: z.infer<typeof commitsQuery>): Promise<{ items: CommitView[] }> {
    return { items: await this.commits.run(query.limit, query.source) };
  }

  @Get(':commit/report')
  report(@Param('commit', zodParam(commitSchema)) commit: string): Promise<Report> {
    return this.reports.run(commit);
  }
}
