import { randomUUID } from 'node:crypto';
import type { CommandAccepted, EventDefinition } from '@gitway/contracts';
import type { UnitOfWork } from '@gitway/messaging';
import { runInStory } from '@gitway/observability';
import { AuditRow } from '../adapters/audit.entity.ts';
import type { Principal } from '../domain/access.ts';
import type { KeptFacts } from './kept-facts.ts';

export interface CommandRecord {
  readonly action: AuditRow['action'];
  readonly environment: string | null;
  readonly reason: string | null;
  readonly target: Readonly<Record<string, string>>;
}

/** States what a person asked for, as a fact and as a line of the audit, in one transaction. It begins a new story. */
export class RequestCommand {
  private readonly unitOfWork: UnitOfWork;
  private readonly facts: KeptFacts;
  private readonly now: () => Date;

  constructor(unitOfWork: UnitOfWork, facts: KeptFacts, now: () => Date) {
    this.unitOfWork = unitOfWork;
    this.facts = facts;
    this.now = now;
  }

  async run<Data>(
    principal: Principal,
    record: CommandRecord,
    definition: EventDefinition<Data>,
    data: Data,
  ): Promise<CommandAccepted> {
    const correlation = randomUUID();
    const after = (await this.facts.range())?.newest ?? 0n;
    return runInStory({ correlationId: correlation, causationId: null }, () =>
      this.unitOfWork.run(async (tx) => {
        const event = await tx.publish(definition, data);
        await tx.manager.insert(AuditRow, {
          at: this.now(),
          actor: principal.name,
          role: principal.role,
          action: record.action,
          environment: record.environment,
          reason: record.reason,
          target: { ...record.target },
          eventId: event,
          correlationId: correlation,
        });
        return { event, correlation, after: String(after) };
      }),
    );
  }
}
