import { matchingOperations, searchTerms } from '@gitway/compiler';
import type { ApiSummary, CatalogueEnvironment, CatalogueQuery, CatalogueView } from '@gitway/contracts';
import { Injectable } from '@nestjs/common';
import { type ApiRow, type CatalogueQueries, CatalogueReader } from '../adapters/catalogue-reader.ts';
import { labelsAsked, revisionView, stateView } from '../domain/catalogue.ts';

const SHOWN_MATCHES = 5;
const SHOWN_CHANGES = 20;
const MAX_ENVIRONMENTS = 200;

/** The APIs of one environment or of all, searched and filtered, and how each environment stands. */
@Injectable()
export class ListApis {
  constructor(private readonly reader: CatalogueReader) {}

  async run(query: CatalogueQuery): Promise<CatalogueView> {
    const terms = searchTerms(query.search ?? '');
    const filter = { ...query, terms, labels: labelsAsked(query.label) };
    const { found, environments } = await this.reader.atOneMoment(async (queries) => ({
      found: await queries.find(filter),
      environments: await environmentsOf(queries, query.environment),
    }));
    const { total, rows } = found;
    const end = query.offset + rows.length;
    return {
      items: rows.map((row) => summaryOf(row, terms)),
      total,
      next: rows.length > 0 && end < total ? end : null,
      environments,
    };
  }
}

async function environmentsOf(queries: CatalogueQueries, only: string | undefined): Promise<CatalogueEnvironment[]> {
  const states = await queries.states(only === undefined ? null : [only]);
  const names = [...new Set(states.map(({ environment }) => environment))].slice(0, MAX_ENVIRONMENTS);
  const counts = await queries.counts(names);
  const revisions = await queries.lastRevisions(names);
  return names.map((name) => {
    const state = (which: 'live' | 'validated') =>
      states.find((row) => row.environment === name && row.state === which);
    const count = counts.find(({ environment }) => environment === name);
    const last = revisions.find(({ environment }) => environment === name);
    const { added = 0, changed = 0, removed = 0 } = count ?? {};
    return {
      name,
      live: stateView(state('live')),
      validated: stateView(state('validated')),
      apis: count?.apis ?? 0,
      operations: count?.operations ?? 0,
      newer: state('validated') === undefined ? { added: 0, changed: 0, removed: 0 } : { added, changed, removed },
      lastRevision:
        last === undefined
          ? null
          : {
              ...revisionView(last),
              changes: { ...last.changes, apis: last.changes.apis.slice(0, SHOWN_CHANGES) },
            },
    };
  });
}

function summaryOf(row: ApiRow, terms: readonly string[]): ApiSummary {
  const { environment, state, live, commit, at, entry, next_entry: next } = row;
  const { operations, pools: _pools, documentation: _documentation, ...summary } = entry;
  const here = matchingOperations(entry, terms, SHOWN_MATCHES).map((operation) => ({ ...operation, live }));
  const known = new Set(here.map(({ method, path }) => `${method} ${path}`));
  const waiting = (next === null ? [] : matchingOperations(next, terms, SHOWN_MATCHES))
    .filter(({ method, path }) => !known.has(`${method} ${path}`))
    .map((operation) => ({ ...operation, live: false }));
  return {
    ...summary,
    environment,
    state,
    shows: live ? 'live' : 'validated',
    since: { commit, at: at.toISOString() },
    operations: operations.length,
    matches: [...here, ...waiting].slice(0, SHOWN_MATCHES),
  };
}
