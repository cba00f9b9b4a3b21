import { Controller } from '@nestjs/common';
import type { EventEnvelope } from '@gitway/contracts';
import { OnAnyFact, type Commit } from '@gitway/messaging';
import { RememberFact } from '../app/remember-fact.ts';

@Controller()
export class FactsController {
  constructor(private readonly rememberFact: RememberFact) {}

  @OnAnyFact()
  async handle(event: EventEnvelope): Promise<Commit> {
    return this.rememberFact.run(event);
  }
}
