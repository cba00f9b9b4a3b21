import { type DataOf, deployed, type EventEnvelope, rolledBack } from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { FollowLive } from '../app/follow-live.ts';

@Controller()
export class LiveHandler {
  constructor(private readonly follow: FollowLive) {}

  @OnFact(deployed)
  onDeployed({ time, data }: EventEnvelope<DataOf<typeof deployed>>): Promise<Commit> {
    const { environment, source, ref, commit, snapshot } = data;
    return this.follow.run({ environment, source, ref, commit, snapshot, at: new Date(time) });
  }

  @OnFact(rolledBack)
  onRolledBack({ time, data }: EventEnvelope<DataOf<typeof rolledBack>>): Promise<Commit> {
    const { environment, source, ref, to } = data;
    return this.follow.run({ environment, source, ref, ...to, at: new Date(time) });
  }
}
