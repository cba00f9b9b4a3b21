import type { Reported } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import type { Observation } from '../domain/decision.ts';

/** What every gateway reported last, and when its `desired` was written. Memory only: the bucket is the truth. */
@Injectable()
export class GatewayBook {
  private readonly reports = new Map<string, Reported>();
  private readonly writes = new Map<string, { generation: number; at: number }>();

  /** @returns whether it says anything that the last one did not */
  note(reported: Reported): boolean {
    const key = keyOf(reported.environment, reported.gateway);
    const known = this.reports.get(key);
    if (
      known !== undefined &&
      Date.parse(known.reportedAt) > Date.parse(reported.reportedAt) &&
      known.generation > reported.generation
    ) {
      return false;
    }
    this.reports.set(key, reported);
    return known === undefined || essenceOf(known) !== essenceOf(reported);
  }

  noteWritten(environment: string, gateway: string, generation: number, at: number): void {
    this.writes.set(keyOf(environment, gateway), { generation, at });
  }

  isWriteKnown(environment: string, gateway: string, generation: number): boolean {
    return this.writes.get(keyOf(environment, gateway))?.generation === generation;
  }

  reportOf(environment: string, gateway: string): Reported | undefined {
    return this.reports.get(keyOf(environment, gateway));
  }

  observationsOf(environment: string): Record<string, Observation> {
    const found: Record<string, Observation> = {};
    for (const reported of this.reports.values()) {
      if (reported.environment !== environment) continue;
      const written = this.writes.get(keyOf(environment, reported.gateway));
      found[reported.gateway] = {
        generation: reported.generation,
        running: reported.running,
        problems: reported.problems,
        drift: reported.drift,
        reportedAt: Date.parse(reported.reportedAt),
        times: reported.times,
        desiredAt: written?.generation === reported.generation ? written.at : null,
      };
    }
    return found;
  }
}

const keyOf = (environment: string, gateway: string) => `${environment}/${gateway}`;

const essenceOf = ({ generation, running, problems, drift }: Reported) =>
  JSON.stringify({ generation, running, problems, drift });
