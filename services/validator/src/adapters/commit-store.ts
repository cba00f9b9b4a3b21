import { lockInTransaction } from '@gitway/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { CommitRow, ValidatedRow } from './entities.ts';

export type NewCommit = Omit<CommitRow, 'id'>;

/** What the validator remembers: commits it has judged, the newest of each branch, and what was validated last. */
export class CommitStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly keptCommits: number,
  ) {}

  /** Digest of the snapshot that was validated last for each environment. */
  async lastValidated(environments: readonly string[]): Promise<Map<string, string>> {
    if (environments.length === 0) return new Map();
    const rows: { environment: string; snapshot: string }[] = await this.dataSource.query(
      'SELECT environment, snapshot FROM validated WHERE environment = ANY($1)',
      [environments],
    );
    return new Map(rows.map(({ environment, snapshot }) => [environment, snapshot]));
  }

  async newest(limit: number, source?: string): Promise<CommitRow[]> {
    const rows = this.dataSource.getRepository(CommitRow);
    return rows.find({
      ...(source === undefined ? {} : { where: { source } }),
      order: { orderedAt: 'DESC', id: 'DESC' },
      take: limit,
    });
  }

  /** The judgement of a commit that was made last. */
  async ofCommit(commit: string): Promise<CommitRow | null> {
    return this.dataSource
      .getRepository(CommitRow)
      .findOne({ where: { commit }, order: { orderedAt: 'DESC', id: 'DESC' } });
  }

  /** Digest of the files of a commit; null where it is not known (any more). */
  async treeOf(commit: string): Promise<string | null> {
    const rows: { tree: string }[] = await this.dataSource.query(
      'SELECT tree FROM commits WHERE commit = $1 AND tree IS NOT NULL ORDER BY ordered_at DESC LIMIT 1',
      [commit],
    );
    return rows[0]?.tree ?? null;
  }

  /**
   * Records a judgement. Commits of one source take turns here, in every replica.
   * @returns whether the commit is the newest of its branch; one that is not must state nothing
   */
  async record(manager: EntityManager, commit: NewCommit): Promise<boolean> {
    const { source, ref, orderedAt } = commit;
    await lockInTransaction(manager, 'validator', source);
    await manager.insert(CommitRow, commit);
    await manager.query(
      `DELETE FROM commits WHERE source = $1 AND id <= (
         SELECT id FROM commits WHERE source = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      [source, this.keptCommits],
    );
    const moved: unknown[] = await manager.query(
      `INSERT INTO heads (source, ref, commit, ordered_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (source, ref) DO UPDATE SET commit = excluded.commit, ordered_at = excluded.ordered_at
         WHERE heads.ordered_at <= excluded.ordered_at
       RETURNING commit`,
      [source, ref, commit.commit, orderedAt],
    );
    return moved.length > 0;
  }

  async rememberValidated(manager: EntityManager, row: ValidatedRow): Promise<void> {
    await manager.upsert(ValidatedRow, row, ['environment']);
  }
}
