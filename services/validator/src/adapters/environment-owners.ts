import { TransientError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

/** The branch of a source whose commits move an environment. */
export interface Owner {
  readonly source: string;
  readonly ref: string;
}

/**
 * Each environment belongs to the first source that a good commit of defined it. PostgreSQL's primary key decides
 * between commits that are judged at the same time, whichever replicas they are in.
 */
@Injectable()
export class EnvironmentOwners {
  constructor(private readonly dataSource: DataSource) {}

  /** The source of each of these environments that belongs to one. */
  async sourcesOf(environments: readonly string[]): Promise<Map<string, string>> {
    return sourcesOf(this.dataSource.manager, environments);
  }

  /**
   * Takes environments for a source, or keeps them.
   * @param takeOver the source that the definition of an environment says it replaces
   * @throws TransientError when another source was faster: the commit is then judged again, with its owner known
   */
  async claim(
    manager: EntityManager,
    { source, ref }: Owner,
    environments: readonly string[],
    takeOver: ReadonlyMap<string, string>,
  ): Promise<void> {
    // By name, so that two commits never wait for each other in a circle.
    for (const environment of environments.toSorted()) {
      const held: unknown[] = await manager.query(
        `INSERT INTO environment_owners AS known (environment, source, ref) VALUES ($1, $2, $3)
         ON CONFLICT (environment) DO UPDATE SET source = excluded.source, ref = excluded.ref
           WHERE known.source = excluded.source OR known.source = $4
         RETURNING environment`,
        [environment, source, ref, takeOver.get(environment) ?? source],
      );
      if (held.length === 0)
        throw new TransientError('environment-taken', `another source took environment ${environment} meanwhile`);
    }
  }

  /** Gives back what a branch of a source owns and no longer defines. */
  async release(manager: EntityManager, { source, ref }: Owner, defined: readonly string[]): Promise<void> {
    await manager.query(
      `DELETE FROM environment_owners WHERE environment IN (
         SELECT environment FROM environment_owners
         WHERE source = $1 AND ref = $2 AND NOT environment = ANY($3)
         ORDER BY environment FOR UPDATE)`,
      [source, ref, defined],
    );
  }

  /** @throws TransientError where one of them no longer belongs to whom it was refused for: the commit is judged again */
  async stillHeld(manager: EntityManager, refused: ReadonlyMap<string, string>): Promise<void> {
    const now = await sourcesOf(manager, [...refused.keys()]);
    for (const [environment, source] of refused) {
      if (now.get(environment) !== source)
        throw new TransientError('environment-released', `environment ${environment} changed its source meanwhile`);
    }
  }
}

async function sourcesOf(manager: EntityManager, environments: readonly string[]): Promise<Map<string, string>> {
  if (environments.length === 0) return new Map();
  const rows: { environment: string; source: string }[] = await manager.query(
    'SELECT environment, source FROM environment_owners WHERE environment = ANY($1)',
    [environments],
  );
  return new Map(rows.map(({ environment, source }) => [environment, source]));
}
