import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity({ name: 'audit' })
export class AuditRow {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'text' })
  actor!: string;

  @Column({ type: 'text' })
  role!: string;

  @Column({ type: 'text' })
  action!: 'deploy' | 'rollback' | 'approve' | 'replay';

  @Column({ type: 'text', nullable: true })
  environment!: string | null;

  @Column({ type: 'text', nullable: true })
  reason!: string | null;

  @Column({ type: 'jsonb' })
  target!: Record<string, string>;

  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ name: 'correlation_id', type: 'text' })
  correlationId!: string;
}
