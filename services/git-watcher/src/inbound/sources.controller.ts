import type { SourceView } from '@gitway/contracts';
import { Controller, Get } from '@nestjs/common';
import { ListSources } from '../app/list-sources.ts';

@Controller('sources')
export class SourcesController {
  constructor(private readonly listSources: ListSources) {}

  @Get()
  list(): Promise<{ items: SourceView[] }> {
    return this.listSources.run();
  }
}
