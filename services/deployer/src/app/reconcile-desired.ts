import type { Desired } from '@gitway/contracts';
import { ConflictError } from '@gitway/errors';
import { GatewayStates } from '@gitway/messaging';
import { logger } from '@gitway/observability';
import { Clock } from '@gitway/service';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { GatewayRow } from '../adapters/entities.ts';
import { DecideEnvironment } from './decide-environment.ts';
import { GatewayBook } from './gateway-book.ts';

const MAX_RACES = 10;
const log = logger('desired');

/**
 * Makes the desired keys say what the database has decided. Level-triggered and idempotent: it may run at any time, in
 * any replica, after a crash between any two steps, and after the bucket was lost.
 */
@Injectable()
export class ReconcileDesired {
  private readonly running = new Map<string, { again: boolean; done: Promise<void> }>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly states: GatewayStates,
    private readonly decisions: DecideEnvironment,
    private readonly book: GatewayBook,
    private readonly clock: Clock,
  ) {}

  async allEnvironments(): Promise<void> {
    const rows = await this.dataSource.manager
      .createQueryBuilder(GatewayRow, 'g')
      .select('DISTINCT g.environment', 'environment')
      .getRawMany<{ environment: string }>();
    await Promise.all(rows.map(({ environment }) => this.environment(environment)));
  }

  /** Never throws: what could not be written now is written by the sweep. */
  environment(environment: string): Promise<void> {
    const running = this.running.get(environment);
    if (running !== undefined) {
      running.again = true;
      return running.done;
    }
    const entry = { again: false, done: Promise.resolve() };
    this.running.set(environment, entry);
    entry.done = (async () => {
      try {
        do {
          entry.again = false;
          const targets = await this.dataSource.manager.findBy(GatewayRow, { environment });
          await Promise.all(targets.map((target) => this.gateway(target)));
        } while (entry.again);
      } catch (error) {
        log.warn({ err: error, environment }, 'desired could not be written; the sweep will');
      } finally {
        this.running.delete(environment);
      }
    })();
    return entry.done;
  }

  private async gateway(target: GatewayRow): Promise<void> {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const current = await this.states.getDesired(target.environment, target.name);
      if (current !== null) {
        const { generation, snapshot, writtenAt } = current.value;
        if (generation === target.generation && snapshot === target.snapshot) {
          this.book.noteWritten(target.environment, target.name, generation, Date.parse(writtenAt));
          return;
        }
        if (generation >= target.generation) return this.goAbove(target, generation, snapshot);
      }
      try {
        await this.write(target, current);
        return;
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
      }
    }
  }

  private async write(target: GatewayRow, current: { value: Desired; revision: number } | null): Promise<void> {
    const writtenAt = this.clock.now();
    const desired: Desired = {
      environment: target.environment,
      gateway: target.name,
      generation: target.generation,
      phase: 'run',
      snapshot: target.snapshot,
      deployment: target.deployment,
      traceparent: target.traceparent,
      writtenAt: writtenAt.toISOString(),
      // Who is blocked stays blocked whatever is deployed; weights belong to the roll-out of one snapshot.
      ...(current?.value.blocks === undefined ? {} : { blocks: current.value.blocks }),
    };
    // Before the write: an agent may have answered before this process hears that the write is stored.
    this.book.noteWritten(target.environment, target.name, target.generation, writtenAt.getTime());
    await this.states.putDesired(desired, current?.revision ?? null);
    log.info(
      {
        environment: target.environment,
        gateway: target.name,
        generation: target.generation,
        snapshot: target.snapshot,
      },
      'wrote desired',
    );
  }

  /** Another generation than the database knows of: it was restored from a backup, or another replica has just decided. */
  private async goAbove(target: GatewayRow, generation: number, snapshot: string): Promise<void> {
    await this.decisions.decideNow({
      environment: target.environment,
      input: { kind: 'desired-ahead', gateway: target.name, generation, snapshot },
    });
  }
}
