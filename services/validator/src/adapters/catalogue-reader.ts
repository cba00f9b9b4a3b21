import type { ApiEntry, ApiState, CatalogueChanges, CatalogueQuery, Person, PlanEntry } from '@gitway/contracts';
import type { DataSource, EntityManager } from 'typeorm';

/** One version of an API in an environment, with the version that waits beside it. */
export interface ApiRow {
  readonly environment: string;
  readonly state: ApiState;
  readonly live: boolean;
  readonly commit: string;
  readonly at: Date;
  readonly entry: ApiEntry;
  readonly next_entry: ApiEntry | null;
  readonly next_commit: string | null;
  readonly next_at: Date | null;
}

export interface StateRow {
  readonly environment: string;
  readonly state: 'validated' | 'live';
  readonly snapshot: string;
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly at: Date;
  readonly plans: PlanEntry[];
}

export interface RevisionRow {
  readonly environment: string;
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly author: Person;
  readonly message: string;
  readonly at: Date;
  readonly changes: CatalogueChanges;
}

export interface CountRow {
  readonly environment: string;
  readonly apis: number;
  readonly operations: number;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export interface CatalogueFilter extends CatalogueQuery {
  readonly terms: readonly string[];
  /** All must hold; null: whatever its value. */
  readonly labels: readonly (readonly [key: string, value: string | null])[];
}

/** An API is shown as it is live, or as it was validated where nothing of it is live. */
const shown = `
  SELECT c.*, n.unit AS next_unit, n.head AS next_head, n.body AS next_body,
    CASE WHEN NOT c.live THEN 'not-live'
         WHEN c.validated OR s.environment IS NULL THEN 'live'
         WHEN n.unit IS NOT NULL THEN 'newer-waits'
         ELSE 'leaving' END AS state
  FROM catalogue_apis c
  LEFT JOIN catalogue_apis n
    ON c.live AND n.environment = c.environment AND n.name = c.name AND n.validated AND NOT n.live
  LEFT JOIN catalogue_states s ON s.environment = c.environment AND s.state = 'validated'
  WHERE (c.live OR NOT EXISTS (
    SELECT FROM catalogue_apis l WHERE l.environment = c.environment AND l.name = c.name AND l.live))`;

const columns = `
  p.environment, p.live, p.entry,
  CASE WHEN p.live THEN p.live_commit ELSE p.validated_commit END AS commit,
  CASE WHEN p.live THEN p.live_at ELSE p.validated_at END AS at,
  n.entry AS next_entry, n.validated_commit AS next_commit, n.validated_at AS next_at`;

export class CatalogueReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Everything that is asked within sees the catalogue at one moment, whatever is written meanwhile. */
  async atOneMoment<T>(work: (queries: CatalogueQueries) => Promise<T>): Promise<T> {
    return this.dataSource.transaction('REPEATABLE READ', (manager) => work(new CatalogueQueries(manager)));
  }
}

export class CatalogueQueries {
  constructor(private readonly manager: EntityManager) {}

  async find(filter: CatalogueFilter): Promise<{ total: number; rows: ApiRow[] }> {
    const { environment, lifecycle, visibility, state, limit, offset } = filter;
    const words = filter.search?.trim().toLowerCase() ?? '';
    const having = Object.fromEntries(filter.labels.filter(([, value]) => value !== null));
    const rows: (ApiRow & { total: number })[] = await this.manager.query(
      `WITH shown AS (${shown}),
       found AS MATERIALIZED (
         SELECT environment, name, unit, state, next_unit,
           CASE WHEN $2 = '' OR name = $2 THEN 0
                WHEN starts_with(name, $2) THEN 1
                WHEN strpos(name, $2) > 0 THEN 2
                WHEN strpos(lower(title), $2) > 0 THEN 3
                WHEN head LIKE ALL ($3::text[]) THEN 4
                ELSE 5 END AS rank
         FROM shown
         WHERE ($1::text IS NULL OR environment = $1)
           AND ($4::text IS NULL OR lifecycle = $4)
           AND ($5::text IS NULL OR visibility = $5)
           AND ($6::text IS NULL OR state = $6)
           AND labels @> $7::jsonb AND labels ?& $8::text[]
           AND (cardinality($3::text[]) = 0
             OR (head || E'\\n' || body) LIKE ALL ($3::text[])
             OR (next_head || E'\\n' || next_body) LIKE ALL ($3::text[])))
       SELECT t.total, f.state, ${columns}
       FROM (SELECT count(*)::int AS total FROM found) t
       LEFT JOIN (SELECT * FROM found ORDER BY rank, name, environment LIMIT $9 OFFSET $10) f ON true
       LEFT JOIN catalogue_apis p ON p.environment = f.environment AND p.name = f.name AND p.unit = f.unit
       LEFT JOIN catalogue_apis n
         ON n.environment = f.environment AND n.name = f.name AND n.unit = f.next_unit
       ORDER BY f.rank, f.name, f.environment`,
      [
        environment ?? null,
        words,
        filter.terms.map((term) => `%${term.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`),
        lifecycle ?? null,
        visibility ?? null,
        state ?? null,
        JSON.stringify(having),
        filter.labels.map(([key]) => key),
        limit,
        offset,
      ],
    );
    return { total: rows[0]?.total ?? 0, rows: rows.filter((row) => row.environment !== null) };
  }

  /** By environment. */
  async named(name: string, limit: number, environment?: string): Promise<ApiRow[]> {
    return this.manager.query(
      `SELECT p.state, ${columns} FROM (${shown} AND c.name = $1 AND ($2::text IS NULL OR c.environment = $2)) p
       LEFT JOIN catalogue_apis n ON n.environment = p.environment AND n.name = p.name AND n.unit = p.next_unit
       ORDER BY p.environment LIMIT $3`,
      [name, environment ?? null, limit],
    );
  }

  async states(environments: readonly string[] | null): Promise<StateRow[]> {
    return this.manager.query(
      'SELECT * FROM catalogue_states WHERE $1::text[] IS NULL OR environment = ANY($1) ORDER BY environment',
      [environments],
    );
  }

  async liveApis(environment: string): Promise<{ name: string; unit: string }[]> {
    return this.manager.query('SELECT name, unit FROM catalogue_apis WHERE environment = $1 AND live ORDER BY name', [
      environment,
    ]);
  }

  async counts(environments: readonly string[]): Promise<CountRow[]> {
    return this.manager.query(
      `WITH apis AS (
         SELECT environment, name, bool_or(live) AS live, bool_or(validated) AS validated,
           bool_or(live AND validated) AS same, coalesce(sum(operations) FILTER (WHERE live), 0) AS operations
         FROM catalogue_apis WHERE environment = ANY($1) GROUP BY environment, name)
       SELECT environment, count(*) FILTER (WHERE live)::int AS apis, sum(operations)::int AS operations,
         count(*) FILTER (WHERE NOT live)::int AS added,
         count(*) FILTER (WHERE live AND validated AND NOT same)::int AS changed,
         count(*) FILTER (WHERE NOT validated)::int AS removed
       FROM apis GROUP BY environment`,
      [environments],
    );
  }

  /** The last revision of each of these environments that changed something. */
  async lastRevisions(environments: readonly string[]): Promise<RevisionRow[]> {
    return this.manager.query(
      `SELECT DISTINCT ON (environment) * FROM catalogue_revisions WHERE environment = ANY($1)
       ORDER BY environment, id DESC`,
      [environments],
    );
  }

  /** Revisions that changed an API, newest first; of their changes that of this API alone. */
  async revisionsOf(api: string, environment: string, limit: number): Promise<RevisionRow[]> {
    return this.manager.query(
      `SELECT environment, source, ref, commit, author, message, at,
         jsonb_build_object('apis', jsonb_path_query_array(changes, '$.apis[*] ? (@.api == $api)', $2::jsonb)) AS changes
       FROM catalogue_revisions
       WHERE environment = $1 AND changes->'apis' @> $3::jsonb
       ORDER BY id DESC LIMIT $4`,
      [environment, JSON.stringify({ api }), JSON.stringify([{ api }]), limit],
    );
  }
}
