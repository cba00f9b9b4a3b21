import type { DeadLetter } from '@gitway/contracts';
import type { DataSource } from 'typeorm';
import { DeadLetterRow } from '../adapters/dead-letter.entity.ts';

/** Messages that some service has given up on, newest first. */
export class ListDeadLetters {
  private readonly dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
  }

  async run(limit: number): Promise<DeadLetter[]> {
    const rows = await this.dataSource
      .getRepository(DeadLetterRow)
      .createQueryBuilder('row')
      .orderBy('row.sequence', 'DESC')
      .limit(limit)
      .getMany();
    return rows.map(({ letter }) => letter);
  }
}
