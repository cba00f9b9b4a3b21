import {
  commitSchema,
  commitViewSchema,
  deploymentViewSchema,
  environmentViewSchema,
  listOf,
  sourceViewSchema,
  type DeploymentView,
} from '@gitway/contracts';
import { GitwayError, InvalidInputError, NotFoundError } from '@gitway/errors';
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

/**
 * The same, where also HEAD (the newest commit of a source) and the name of a branch are understood.
 *
 * @throws InvalidInputError where several sources could be meant, NotFoundError where there is no such branch
 */
export async function resolveRevision(client: ConsoleClient, given: string, source?: string): Promise<string> {
  if (/^[0-9a-f]{4,64}$/i.test(given)) {
    try {
      return await resolveCommit(client, given);
    } catch (error) {
      const head = error instanceof NotFoundError ? await headOf(client, given, source) : null;
      if (head === null) throw error;
      return head.commit;
    }
  }
  const head = await headOf(client, given, source);
  if (head !== null) return head.commit;
  throw new NotFoundError(
    'unknown-revision',
    `${given} is neither a commit (at least its first 4 hex digits), nor HEAD, nor a branch that a source follows.`,
  );
}

async function headOf(client: ConsoleClient, given: string, source: string | undefined) {
  const { items } = await client.get('/api/sources', listOf(sourceViewSchema));
  const sources = source === undefined ? items : items.filter(({ name }) => name === source);
  if (sources.length === 0 && source !== undefined) {
    const known = items.map(({ name }) => name).join(', ') || 'none yet';
    throw new NotFoundError('unknown-source', `There is no source ${source}. Known: ${known}.`);
  }
  const isMeant = (ref: string) => given === 'HEAD' || ref === given || ref === `refs/heads/${given}`;
  const found = sources
    .map(({ name, heads }) => ({ name, heads: heads.filter(({ ref }) => isMeant(ref)) }))
    .filter(({ heads }) => heads.length > 0);
  if (found.length > 1) {
    const names = found.map(({ name }) => name).join(', ');
    throw new InvalidInputError('ambiguous-source', `${given} may be of ${names}. Say which: --source <name>.`);
  }
  const heads = found[0]?.heads ?? [];
  return heads.toSorted((a, b) => (a.detectedAt < b.detectedAt ? 1 : -1))[0] ?? null;
}

/**
 * Where the deployer is away, nothing is known and nothing refused.
 *
 * @throws NotFoundError `unknown-environment`
 */
export async function requireEnvironment(client: ConsoleClient, name: string): Promise<void> {
  let known: string[];
  try {
    known = (await client.get('/api/environments', listOf(environmentViewSchema))).items.map((each) => each.name);
  } catch (error) {
    if (error instanceof GitwayError && error.kind === 'transient') return;
    throw error;
  }
  if (known.includes(name)) return;
  throw new NotFoundError(
    'unknown-environment',
    `There is no environment ${name}. Known: ${known.join(', ') || 'none yet'}.`,
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
