import { diffInventories, searchTextOf } from '@gitway/compiler';
import type { ApiEntry, Person, PlanEntry } from '@gitway/contracts';
import { TransientError } from '@gitway/errors';
import { lockInTransaction } from '@gitway/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { storable, storableJson } from './storable.ts';

/** One API of a snapshot. */
export interface ApiRef {
  readonly name: string;
  readonly unit: string;
}

/** What one state of an environment becomes. */
export interface StateMove {
  readonly environment: string;
  readonly snapshot: string;
  readonly source: string;
  readonly ref: string;
  readonly commit: string;
  readonly at: Date;
  /** Every API of the snapshot. */
  readonly apis: readonly ApiRef[];
  readonly plans: readonly PlanEntry[];
  /** Asked for versions that the catalogue does not have. */
  entryOf(unit: string): ApiEntry | undefined;
  /** The APIs of another snapshot where they are known without asking: a large environment is then not read again. */
  apisOf?(snapshot: string): readonly ApiRef[] | undefined;
}

type State = 'validated' | 'live';
const ROWS_AT_ONCE = 200;
const OPERATIONS_AT_ONCE = 20_000;

/** Writes the catalogue: what it costs is what a snapshot changed. An environment's writers take turns, in every replica. */
export class CatalogueStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keptRevisions: number,
  ) {}

  /** Of these APIs, those in versions that the environment's catalogue does not have. */
  async missing(environment: string, apis: readonly ApiRef[]): Promise<ApiRef[]> {
    return missingIn(this.dataSource.manager, environment, apis);
  }

  async moveValidated(
    manager: EntityManager,
    move: StateMove & { readonly author: Person; readonly message: string },
  ): Promise<void> {
    const { environment, snapshot, source, ref, commit, at, author, message } = move;
    await lockInTransaction(manager, 'catalogue', environment);
    const before = await stateOf(manager, environment, 'validated');
    await writeState(manager, 'validated', move);
    if (before?.snapshot === snapshot) return;
    const { left, joined } = await moveFlags(manager, 'validated', move, before?.snapshot);
    const changes = diffInventories({ apis: left, plans: before?.plans ?? [] }, { apis: joined, plans: move.plans });
    if (changes.apis.length === 0 && changes.plans.length === 0) return;
    await manager.query(
      `INSERT INTO catalogue_revisions (environment, snapshot, source, ref, commit, author, message, at, changes)
       VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9::jsonb)`,
      [environment, snapshot, source, ref, commit, storableJson(author), storable(message), at, storableJson(changes)],
    );
    await manager.query(
      `DELETE FROM catalogue_revisions WHERE environment = $1 AND id <= (
         SELECT id FROM catalogue_revisions WHERE environment = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      [environment, this.keptRevisions],
    );
  }

  /** Does nothing where a later fact was heard already. @returns the versions that left and joined what is live */
  async moveLive(manager: EntityManager, move: StateMove): Promise<{ left: ApiEntry[]; joined: ApiEntry[] }> {
    await lockInTransaction(manager, 'catalogue', move.environment);
    const before = await stateOf(manager, move.environment, 'live');
    if (before !== null && before.at > move.at) return { left: [], joined: [] };
    await writeState(manager, 'live', move);
    if (before?.snapshot === move.snapshot) return { left: [], joined: [] };
    return moveFlags(manager, 'live', move, before?.snapshot);
  }
}

async function stateOf(
  manager: EntityManager,
  environment: string,
  state: State,
): Promise<{ snapshot: string; at: Date; plans: PlanEntry[] } | null> {
  const rows: { snapshot: string; at: Date; plans: PlanEntry[] }[] = await manager.query(
    'SELECT snapshot, at, plans FROM catalogue_states WHERE environment = $1 AND state = $2',
    [environment, state],
  );
  return rows[0] ?? null;
}

async function writeState(manager: EntityManager, state: State, move: StateMove): Promise<void> {
  const { environment, snapshot, source, ref, commit, at, plans } = move;
  await manager.query(
    `INSERT INTO catalogue_states (environment, state, snapshot, source, ref, commit, at, plans)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb)
     ON CONFLICT (environment, state) DO UPDATE SET snapshot = excluded.snapshot, source = excluded.source,
       ref = excluded.ref, commit = excluded.commit, at = excluded.at, plans = excluded.plans`,
    [environment, state, snapshot, source, ref, commit, at, storableJson(plans)],
  );
}

/** Brings the rows of one state to a snapshot, touching those that differ. @returns the versions that left and joined it */
async function moveFlags(
  manager: EntityManager,
  state: State,
  move: StateMove,
  before: string | undefined,
): Promise<{ left: ApiEntry[]; joined: ApiEntry[] }> {
  const { environment, commit, at } = move;
  const present =
    (before === undefined ? undefined : move.apisOf?.(before)) ?? (await presentIn(manager, environment, state));
  const leaving = without(present, move.apis);
  const joining = without(move.apis, present);
  await insertEntries(manager, environment, await missingIn(manager, environment, joining), (unit) =>
    move.entryOf(unit),
  );
  const these = `FROM unnest($2::text[], $3::text[]) AS these(name, unit)
    WHERE known.environment = $1 AND known.name = these.name AND known.unit = these.unit`;
  const left: { entry: ApiEntry }[] = await manager.query(
    `WITH moved AS (
       UPDATE catalogue_apis known SET ${state} = false, ${state}_commit = NULL, ${state}_at = NULL ${these}
       RETURNING known.entry)
     SELECT entry FROM moved`,
    [environment, ...columnsOf(leaving)],
  );
  const joined: { entry: ApiEntry }[] = await manager.query(
    `WITH moved AS (
       UPDATE catalogue_apis known SET ${state} = true, ${state}_commit = $4, ${state}_at = $5 ${these}
       RETURNING known.entry)
     SELECT entry FROM moved`,
    [environment, ...columnsOf(joining), commit, at],
  );
  await manager.query(
    `DELETE FROM catalogue_apis known ${these.replace('FROM', 'USING')} AND NOT known.validated AND NOT known.live`,
    [environment, ...columnsOf(leaving)],
  );
  return { left: left.map(({ entry }) => entry), joined: joined.map(({ entry }) => entry) };
}

const presentIn = (manager: EntityManager, environment: string, state: State): Promise<ApiRef[]> =>
  manager.query(`SELECT name, unit FROM catalogue_apis WHERE environment = $1 AND ${state}`, [environment]);

/** Those of `apis` whose version is not among `others`. A unit's digest covers its name. */
function without(apis: readonly ApiRef[], others: readonly ApiRef[]): ApiRef[] {
  const units = new Set(others.map(({ unit }) => unit));
  return apis.filter(({ unit }) => !units.has(unit));
}

const columnsOf = (apis: readonly ApiRef[]) => [apis.map(({ name }) => name), apis.map(({ unit }) => unit)];

async function missingIn(manager: EntityManager, environment: string, apis: readonly ApiRef[]): Promise<ApiRef[]> {
  if (apis.length === 0) return [];
  return manager.query(
    `SELECT wanted.name, wanted.unit FROM unnest($2::text[], $3::text[]) AS wanted(name, unit)
     WHERE NOT EXISTS (
       SELECT FROM catalogue_apis known
       WHERE known.environment = $1 AND known.name = wanted.name AND known.unit = wanted.unit)`,
    [environment, ...columnsOf(apis)],
  );
}

async function insertEntries(
  manager: EntityManager,
  environment: string,
  apis: readonly ApiRef[],
  entryOf: StateMove['entryOf'],
): Promise<void> {
  let rows: Record<string, unknown>[] = [];
  let operations = 0;
  const write = async () => {
    await manager.query(
      `INSERT INTO catalogue_apis
         (environment, name, unit, title, lifecycle, visibility, labels, operations, entry, head, body)
       SELECT $1, name, unit, title, lifecycle, visibility, labels, operations, entry, head, body
       FROM jsonb_to_recordset($2::jsonb) AS row(name text, unit text, title text, lifecycle text, visibility text,
         labels jsonb, operations integer, entry jsonb, head text, body text)`,
      [environment, storableJson(rows)],
    );
    rows = [];
    operations = 0;
  };
  for (const { name, unit } of apis) {
    const entry = entryOf(unit);
    if (entry === undefined)
      throw new TransientError('catalogue-moved', `the catalogue lost ${name} (${unit}) while it was looked at`);
    const { title, lifecycle, visibility, labels } = entry;
    const count = entry.operations.length;
    rows.push({ name, unit, title, lifecycle, visibility, labels, operations: count, entry, ...searchTextOf(entry) });
    operations += count;
    if (rows.length >= ROWS_AT_ONCE || operations >= OPERATIONS_AT_ONCE) await write();
  }
  if (rows.length > 0) await write();
}
