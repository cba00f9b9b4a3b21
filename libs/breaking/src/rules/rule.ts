import type { Level } from '../change.ts';

export interface Rule {
  readonly id: string;
  readonly level: Level;
  readonly description: string;
}

export const rule = (id: string, level: Level, description: string): Rule => ({ id, level, description });
