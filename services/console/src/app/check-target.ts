import { deploymentViewSchema, environmentViewSchema, listOf } from '@gitway/contracts';
import { ConflictError, GitwayError, NotFoundError } from '@gitway/errors';
import type { Upstreams } from './upstreams.ts';

/**
 * Refuses at once what could never come true, so that nobody waits for it. Where the deployer is away nothing is
 * known and nothing refused: the request lies in the stream until it is back.
 */
export class CheckTarget {
  private readonly upstreams: Upstreams;

  constructor(upstreams: Upstreams) {
    this.upstreams = upstreams;
  }

  /** @throws NotFoundError `unknown-environment` */
  async environment(name: string): Promise<void> {
    const known = await this.unlessAway(() =>
      this.upstreams.get('deployer', '/environments', {}, listOf(environmentViewSchema)),
    );
    if (known === null || known.items.some((environment) => environment.name === name)) return;
    const names = known.items.map((environment) => environment.name).join(', ') || 'none yet';
    throw new NotFoundError('unknown-environment', `There is no environment ${name}. Known: ${names}.`);
  }

  /** @throws NotFoundError `unknown-deployment`, ConflictError `not-awaiting-approval` */
  async awaitsApproval(environment: string, deployment: string): Promise<void> {
    const known = await this.unlessAway(() =>
      this.upstreams.get('deployer', '/deployments', { environment, limit: 100 }, listOf(deploymentViewSchema)),
    );
    if (known === null) return;
    const found = known.items.find((each) => each.deployment === deployment);
    if (found === undefined) {
      throw new NotFoundError('unknown-deployment', `${environment} has no deployment ${deployment}.`);
    }
    if (found.state !== 'awaiting-approval') {
      throw new ConflictError('not-awaiting-approval', `That deployment is ${found.state}: ${found.detail}`);
    }
  }

  private async unlessAway<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read();
    } catch (error) {
      if (error instanceof GitwayError && error.kind === 'transient') return null;
      throw error;
    }
  }
}
