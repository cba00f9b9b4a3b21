import { type DataOf, deployed, type EventEnvelope, rolledBack } from '@gitway/contracts';
import { type Commit, OnFact } from '@gitway/messaging';
import { Controller } from '@nestjs/common';
import { EndObservation } from '../app/end-observation.ts';
import { ObserveDeployment } from '../app/observe-deployment.ts';

@Controller()
export class DeploymentsHandler {
  constructor(
    private readonly observe: ObserveDeployment,
    private readonly end: EndObservation,
  ) {}

  @OnFact(deployed)
  onDeployed(event: EventEnvelope<DataOf<typeof deployed>>): Promise<Commit | void> {
    return this.observe.run(event);
  }

  @OnFact(rolledBack)
  onRolledBack(event: EventEnvelope<DataOf<typeof rolledBack>>): Promise<Commit> {
    return this.end.run(event);
  }
}
