import { planViewSchema, planViewsSchema, type Report, reportSchema } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import type { ConsoleClient } from '../client/console-client.ts';
import { plural, shortCommit } from '../render/text.ts';
import type { PlanAnswer, PlannedEnvironment } from './outcome.ts';

export interface PlanCommitOptions {
  /** Full id. */
  readonly commit: string;
  readonly environment: string | undefined;
  /** Against what was live when the commit was judged, and not now. */
  readonly asJudged: boolean;
}

/**
 * What a commit that the platform has judged changes in each environment.
 *
 * @throws NotFoundError for a commit that was never judged, and an environment that it says nothing of
 */
export async function planCommit(client: ConsoleClient, options: PlanCommitOptions): Promise<PlanAnswer> {
  const { commit, environment, asJudged } = options;
  const { environments } = await client.get(`/api/commits/${commit}/report`, reportSchema);
  const asked = environments.filter(({ name }) => environment === undefined || name === environment);
  if (asked.length === 0 && environment !== undefined) {
    const known = environments.map(({ name }) => name).join(', ') || 'none';
    throw new NotFoundError(
      'unknown-environment',
      `${shortCommit(commit)} says nothing of an environment ${environment}. It says of: ${known}.`,
    );
  }
  const judged = asJudged ? (await client.get(`/api/plans/${commit}`, planViewsSchema)).items : [];
  const items: PlannedEnvironment[] = [];
  for (const { name, snapshot, counts } of asked.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (snapshot === null) items.push(refused(name, counts, commit));
    else if (asJudged) {
      const plan = judged.find((view) => view.environment === name)?.plan ?? null;
      items.push({ environment: name, plan, why: plan === null ? 'no plan was made of it' : null, refused: false });
    } else {
      const path = `/api/environments/${encodeURIComponent(name)}/plan`;
      const { plan } = await client.get(path, planViewSchema, { commit });
      items.push({ environment: name, plan, why: null, refused: false });
    }
  }
  return { version: 1, commit, base: null, items };
}

const refused = (environment: string, { errors }: Report['counts'], commit: string): PlannedEnvironment => ({
  environment,
  plan: null,
  why: `${shortCommit(commit)} is refused there, with ${plural(errors, 'error')} (gitway report ${shortCommit(commit)})`,
  refused: true,
});
