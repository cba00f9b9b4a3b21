import { commitSchema, commitViewSchema, deploymentViewSchema, listOf, type DeploymentView } from '@gitway/contracts';
import { InvalidInputError, NotFoundError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';

/** The full id of a commit that Gitway has seen, from its first digits. */
export async function resolveCommit(client: ConsoleClient, given: string): Promise<string> {
  const prefix = given.toLowerCase();
  if (commitSchema.safeParse(prefix).success) return prefix;
  if (!/^[0-9a-f]{4,63}$/.test(prefix)) {
    throw new InvalidInputError('bad-commit', `${given} is no commit: give at least its first 4 hex digits.`);
  }
  const [commits, deployments] = await Promise.all([
    client.get('/api/commits', listOf(commitViewSchema), { limit: 500 }),
    client.get('/api/deployments', listOf(deploymentViewSchema), { limit: 500 }),
  ]);
  const known = new Set([...commits.items, ...deployments.items].map(({ commit }) => commit));
  return only(
    [...known].filter((commit) => commit.startsWith(prefix)),
    given,
    'commit',
  );
}

/** A deployment by its id, or by the first characters of it. */
export async function resolveDeployment(client: ConsoleClient, given: string): Promise<DeploymentView> {
  const { items } = await client.get('/api/deployments', listOf(deploymentViewSchema), { limit: 500 });
  const found = items.filter(({ deployment }) => deployment.startsWith(given.toLowerCase()));
  const id = only(
    found.map(({ deployment }) => deployment),
    given,
    'deployment',
  );
  return found.find(({ deployment }) => deployment === id)!;
}

function only(found: readonly string[], given: string, what: string): string {
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw new NotFoundError(`unknown-${what}`, `Gitway knows no ${what} ${given}.`);
  throw new InvalidInputError(`ambiguous-${what}`, `${given} may be any of: ${found.slice(0, 5).join(', ')}`);
}
