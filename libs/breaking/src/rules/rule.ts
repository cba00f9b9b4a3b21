import type { Level } from '../change.ts';

export interface Rule {
  readonly id: string;
  readonly level: Level;
  readonly description: string;
  /** Whose word it is: oasdiff's public vocabulary, or one of our own where that has none. */
  readonly origin: 'oasdiff' | 'gitway';
}

/** A word of oasdiff's. */
export const rule = (id: string, level: Level, description: string): Rule => ({
  id,
  level,
  description,
  origin: 'oasdiff',
});

/** A word of our own. */
export const ownRule = (id: string, level: Level, description: string): Rule => ({
  ...rule(id, level, description),
  origin: 'gitway',
});
