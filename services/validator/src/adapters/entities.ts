import type { CommitView, FindingCounts, Person } from '@gitway/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('commits')
export class CommitRow {
  /** The database counts. */
  @PrimaryColumn({ type: 'bigint', insert: false, update: false }) id!: string;
  @Column('text', { name: 'event_id' }) eventId!: string;
  @Column('text') source!: string;
  @Column('text') ref!: string;
  @Column('text') commit!: string;
  @Column('jsonb') author!: Person;
  @Column('text') message!: string;
  /** When it was detected: the order of commits, whatever order they are handled in. */
  @Column('timestamptz', { name: 'ordered_at' }) orderedAt!: Date;
  @Column('timestamptz', { name: 'validated_at' }) validatedAt!: Date;
  @Column('double precision', { name: 'duration_ms' }) durationMs!: number;
  @Column('jsonb') counts!: FindingCounts;
  @Column('text') report!: string;
  @Column('jsonb') environments!: CommitView['environments'];
  /** Artifact `tree.<digest>`: its files; null of commits that an earlier release judged. */
  @Column('text', { nullable: true }) tree!: string | null;
}

@Entity('heads')
export class HeadRow {
  @PrimaryColumn('text') source!: string;
  @PrimaryColumn('text') ref!: string;
  @Column('text') commit!: string;
  @Column('timestamptz', { name: 'ordered_at' }) orderedAt!: Date;
}

@Entity('validated')
export class ValidatedRow {
  @PrimaryColumn('text') environment!: string;
  @Column('text') snapshot!: string;
  @Column('text') source!: string;
  @Column('timestamptz', { name: 'ordered_at' }) orderedAt!: Date;
}
