import { type CompiledWorkspace, environmentsOfOthers, ownershipOf, refuseEnvironments } from '@gitway/compiler';
import type { Commit } from '@gitway/messaging';
import { Injectable } from '@nestjs/common';
import { EnvironmentOwners, type Owner } from '../adapters/environment-owners.ts';

export interface JudgedOwnership {
  /** With the environments refused that another source defines. */
  readonly result: CompiledWorkspace;
  /** Takes the environments that the commit is good for, and gives back those that its branch no longer defines. */
  readonly take: Commit;
}

/** One environment is defined by one source: a second one would take the APIs of the first off, and be taken off by it. */
@Injectable()
export class JudgeOwnership {
  constructor(private readonly owners: EnvironmentOwners) {}

  async run(compiled: CompiledWorkspace, owner: Owner): Promise<JudgedOwnership> {
    const { defined, replaced } = ownershipOf(compiled);
    const sources = await this.owners.sourcesOf(compiled.environments.map(({ name }) => name));
    const others = new Map(
      [...sources].filter(([name, source]) => source !== owner.source && replaced.get(name) !== source),
    );
    const result = refuseEnvironments(compiled, environmentsOfOthers(compiled, others));
    const good = result.environments.filter(({ snapshot }) => snapshot !== null).map(({ name }) => name);
    return {
      result,
      take: async (tx) => {
        await this.owners.stillHeld(tx.manager, others);
        if (defined !== null) await this.owners.release(tx.manager, owner, defined);
        await this.owners.claim(tx.manager, owner, good, replaced);
      },
    };
  }
}
