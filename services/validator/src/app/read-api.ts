import { diffApis } from '@gitway/compiler';
import type { ApiEntry, ApiView, ApiViews } from '@gitway/contracts';
import { NotFoundError } from '@gitway/errors';
import { Injectable } from '@nestjs/common';
import { type ApiRow, CatalogueReader, type RevisionRow, type StateRow } from '../adapters/catalogue-reader.ts';
import { revisionView } from '../domain/catalogue.ts';

/** Bounds of one answer; operations beyond are counted. With several environments in it each shows less. */
const MAX_ENVIRONMENTS = 20;
const OPERATIONS = 5_000;
const HISTORY = 20;

/** Everything the catalogue knows of one API: as it is live, what waits, and what changed in it. */
@Injectable()
export class ReadApi {
  constructor(private readonly reader: CatalogueReader) {}

  /** @throws NotFoundError where no environment (or not the one asked for) has it */
  async run(name: string, environment?: string): Promise<ApiViews> {
    const items = await this.reader.atOneMoment(async (queries) => {
      const rows = await queries.named(name, MAX_ENVIRONMENTS, environment);
      const states = await queries.states(rows.map((row) => row.environment));
      const views: ApiView[] = [];
      for (const row of rows) {
        const revisions = await queries.revisionsOf(name, row.environment, HISTORY);
        views.push(viewOf(row, states, revisions, Math.floor(OPERATIONS / rows.length)));
      }
      return views;
    });
    if (items.length > 0) return { items };
    const words =
      environment === undefined ? `No environment has an API ${name}.` : `There is no API ${name} in ${environment}.`;
    throw new NotFoundError('no-such-api', words);
  }
}

function viewOf(row: ApiRow, states: readonly StateRow[], revisions: readonly RevisionRow[], limit: number): ApiView {
  const { environment, state, live, entry, next_entry: next } = row;
  const shows = live ? 'live' : 'validated';
  const plans = states.find((each) => each.environment === environment && each.state === shows)?.plans ?? [];
  const changes = next === null ? undefined : diffApis(entry, next);
  return {
    environment,
    state,
    shows,
    api: listed(entry, row.commit, row.at, limit),
    plans: plans.filter((plan) => entry.plans.includes(plan.name)),
    next:
      next === null || changes === undefined
        ? null
        : { api: listed(next, row.next_commit!, row.next_at!, limit), changes },
    history: revisions.flatMap((revision) => {
      const change = revision.changes.apis[0];
      return change === undefined ? [] : [{ ...revisionView(revision), change }];
    }),
  };
}

const listed = (entry: ApiEntry, commit: string, at: Date, limit: number): ApiView['api'] => ({
  ...entry,
  operations: entry.operations.slice(0, limit),
  since: { commit, at: at.toISOString() },
  operationCount: entry.operations.length,
});
