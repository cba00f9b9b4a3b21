import type { commitValidated, DataOf, EventEnvelope } from '@gitway/contracts';
import type { Commit } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { candidateIdOf } from '../domain/candidates.ts';
import { DecideEnvironment } from './decide-environment.ts';
import { SnapshotReader } from './snapshot-reader.ts';

/** A commit compiles for an environment: its snapshot becomes the environment's candidate. */
@Injectable()
export class AcceptCommit {
  constructor(
    private readonly decisions: DecideEnvironment,
    private readonly snapshots: SnapshotReader,
  ) {}

  async accept({ data, time }: EventEnvelope<DataOf<typeof commitValidated>>): Promise<Commit> {
    const { environment, source, ref, commit, snapshot, times, author, message, changes, writtenFor } = data;
    const input = {
      kind: 'candidate',
      source,
      ref,
      commit,
      snapshot,
      order: Date.parse(times.detectedAt ?? time),
      writtenBack: writtenFor !== null,
      settings: await this.snapshots.settings(snapshot, environment),
      times,
    } as const;
    return this.decisions.prepare({
      environment,
      input,
      named: { ids: [candidateIdOf(environment, input)], commit },
      beside: { author, message, changes },
    });
  }
}
