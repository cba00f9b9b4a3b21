import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'facts' })
export class FactRow {
  @PrimaryColumn({ type: 'bigint' })
  sequence!: string;

  @Column({ name: 'event_id', type: 'text' })
  eventId!: string;

  @Column({ type: 'text' })
  fact!: string;

  @Column({ type: 'text', array: true })
  environments!: string[];

  @Column({ name: 'kept_at', type: 'timestamptz' })
  keptAt!: Date;

  /** The envelope as JSON text: `jsonb` would lose the order of members and refuse `\u0000`. */
  @Column({ type: 'text' })
  envelope!: string;
}
