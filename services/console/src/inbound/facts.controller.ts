import { Controller } from '@nestjs/common';
import type { DeadLetter, EventEnvelope } from '@gitway/contracts';
import { OnAnyFact, OnDeadLetter, type Commit } from '@gitway/messaging';
import { RememberDeadLetter } from '../app/remember-dead-letter.ts';
import { RememberFact } from '../app/remember-fact.ts';

@Controller()
export class FactsController {
  constructor(
    private readonly rememberFact: RememberFact,
    private readonly rememberDeadLetter: RememberDeadLetter,
  ) {}

  @OnAnyFact()
  async handle(event: EventEnvelope): Promise<Commit> {
    return this.rememberFact.run(event);
  }

  @OnDeadLetter()
  async handleDeadLetter(letter: DeadLetter): Promise<Commit> {
    return this.rememberDeadLetter.run(letter);
  }
}
