import { commitDetected, type DataOf, type EventEnvelope } from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { ValidateCommit } from '../app/validate-commit.ts';

@Controller()
export class CommitDetectedHandler {
  constructor(private readonly validate: ValidateCommit) {}

  @OnFact(commitDetected)
  onCommitDetected(event: EventEnvelope<DataOf<typeof commitDetected>>): Promise<Commit> {
    return this.validate.run(event);
  }
}
