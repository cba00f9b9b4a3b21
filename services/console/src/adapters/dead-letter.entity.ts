import type { DeadLetter } from '@gitway/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'dead_letters' })
export class DeadLetterRow {
  /** Its place in the dead-letter stream. */
  @PrimaryColumn({ type: 'bigint' })
  sequence!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;

  @Column({ type: 'jsonb' })
  letter!: DeadLetter;
}
