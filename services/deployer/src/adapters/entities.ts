import type { DriftField, Person, StageTimes, UnitChange } from '@gitway/contracts';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Drift, Phase, Retry, RevisionRef, Rollback, Settings } from '../domain/state.ts';

@Entity('environments')
export class EnvironmentRow {
  @PrimaryColumn('text') name!: string;
  @Column('jsonb') heads!: Record<string, number>;
  @Column('jsonb', { nullable: true }) retry!: Retry | null;
  @Column('timestamptz', { name: 'wake_at', nullable: true }) wakeAt!: Date | null;
  @Column('timestamptz', { name: 'updated_at' }) updatedAt!: Date;
}

@Entity('gateways')
export class GatewayRow {
  @PrimaryColumn('text') environment!: string;
  @PrimaryColumn('text') name!: string;
  @Column('integer') generation!: number;
  @Column('text') snapshot!: string;
  @Column('uuid') deployment!: string;
  @Column('text', { nullable: true }) traceparent!: string | null;
  @Column('jsonb', { nullable: true }) drift!: Drift | null;
  @Column('jsonb') heals!: number[];
  @Column('timestamptz', { name: 'last_heal_at', nullable: true }) lastHealAt!: Date | null;
  @Column('integer', { name: 'back_off_level' }) backOffLevel!: number;
  @Column('timestamptz', { name: 'clear_at', nullable: true }) clearAt!: Date | null;
}

@Entity('deployments')
export class DeploymentRow {
  @PrimaryColumn('uuid') id!: string;
  /** The order of inserts; the database counts. */
  @Column({ type: 'bigint', insert: false, update: false }) seq!: string;
  @Column('text') environment!: string;
  @Column('text') source!: string;
  @Column('text') ref!: string;
  @Column('text') commit!: string;
  @Column('text') snapshot!: string;
  @Column('text') cause!: 'commit' | 'promotion' | 'command' | 'rollback';
  @Column('timestamptz', { name: 'ordered_at' }) orderedAt!: Date;
  @Column('timestamptz', { name: 'created_at' }) createdAt!: Date;
  @Column('jsonb') settings!: Settings;
  @Column('text', { name: 'promote_from', nullable: true }) promoteFrom!: string | null;
  @Column('boolean', { name: 'skips_gates' }) skipsGates!: boolean;
  @Column('integer') attempt!: number;
  @Column('jsonb', { nullable: true }) rollback!: Rollback | null;
  @Column('jsonb') times!: StageTimes;
  /** `phase.kind`, for indexes. */
  @Column('text') state!: Phase['kind'];
  @Column('jsonb') phase!: Phase;
  @Column('text') detail!: string;
  @Column('jsonb', { nullable: true }) previous!: RevisionRef | null;
  @Column('timestamptz', { name: 'ran_since', nullable: true }) ranSince!: Date | null;
  @Column('timestamptz', { name: 'ran_until', nullable: true }) ranUntil!: Date | null;
  @Column('uuid', { name: 'content_of' }) contentOf!: string;
  @Column('text', { nullable: true }) verdict!: 'healthy' | 'regressed' | 'inconclusive' | null;
  @Column('boolean') bad!: boolean;
  @Column('jsonb', { nullable: true }) author!: Person | null;
  @Column('text', { nullable: true }) message!: string | null;
  /** Large, and never needed for a decision. */
  @Column('jsonb', { select: false }) changes!: Changes;
  @Column('text', { name: 'correlation_id' }) correlationId!: string;
  @Column('text', { name: 'causation_id', nullable: true }) causationId!: string | null;
  @Column('text', { nullable: true }) traceparent!: string | null;
}

export interface Changes {
  total: number;
  units: UnitChange[];
}

@Entity('approvals')
export class ApprovalRow {
  @PrimaryColumn('uuid') deployment!: string;
  @PrimaryColumn('text') actor!: string;
  @Column('text') environment!: string;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'granted_at' }) grantedAt!: Date;
}

/** Content that was taken back; while `liftedAt` is null it pins its environment. */
@Entity('bad_snapshots')
export class BadSnapshotRow {
  @PrimaryGeneratedColumn({ type: 'bigint' }) seq!: string;
  @Column('text') environment!: string;
  @Column('text') snapshot!: string;
  @Column('text') commit!: string;
  @Column('timestamptz', { name: 'ordered_at' }) orderedAt!: Date;
  @Column('timestamptz') since!: Date;
  @Column('text') reason!: string;
  @Column('timestamptz', { name: 'lifted_at', nullable: true }) liftedAt!: Date | null;
}

@Entity('drifts')
export class DriftRow {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') environment!: string;
  @Column('text') gateway!: string;
  @Column('text') action!: 'heal' | 'alert';
  @Column('jsonb') fields!: DriftField[];
  @Column('timestamptz', { name: 'detected_at' }) detectedAt!: Date;
  @Column('timestamptz', { name: 'resolved_at', nullable: true }) resolvedAt!: Date | null;
  @Column('text', { nullable: true }) how!: 'healed' | 'gone' | null;
}

export const entities = [EnvironmentRow, GatewayRow, DeploymentRow, ApprovalRow, BadSnapshotRow, DriftRow];
