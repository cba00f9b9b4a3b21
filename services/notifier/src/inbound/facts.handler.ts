import type { DeadLetter, EventEnvelope } from '@gitway/contracts';
import { messageOf } from '@gitway/errors';
import { type Commit, OnAnyFact, OnDeadLetter } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Controller } from '@nestjs/common';
import { AnnounceFact } from '../app/announce-fact.ts';
import { CorrelateFact } from '../app/correlate-fact.ts';
import { signalsOf, signalsOfDeadLetter } from '../domain/signals.ts';

const log = logger('facts');

@Controller()
export class FactsHandler {
  constructor(
    private readonly correlate: CorrelateFact,
    private readonly announce: AnnounceFact,
  ) {}

  @OnAnyFact()
  async onFact(event: EventEnvelope): Promise<Commit | void> {
    const signals = signalsOf(event);
    if (signals.length === 0 && !this.announce.concerns(event)) return;
    return async (tx) => {
      const origin = { event: { id: event.id, type: event.type }, at: new Date(event.time) };
      await this.correlate.within(tx, signals, origin);
      await this.announce.within(tx, event);
    };
  }

  @OnDeadLetter()
  async onDeadLetter(letter: DeadLetter): Promise<Commit | void> {
    const signals = signalsOfDeadLetter(letter);
    return async (tx) => {
      const origin = { event: letter.event, at: new Date(letter.at) };
      try {
        await this.correlate.within(tx, signals, origin);
      } catch (error) {
        // A dead letter about a dead letter that cannot be handled would be one as well, and so on for ever.
        if (letter.service !== 'notifier' || !letter.subject.startsWith('gitway.dead.')) throw error;
        log.error({ sequence: letter.sequence, error: messageOf(error) }, 'gave up on a dead letter of its own');
      }
    };
  }
}
