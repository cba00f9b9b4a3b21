import type { Fact } from '@gitway/contracts';
import { factNameOf } from '../client/outcome.ts';
import type { Paint, Style } from './color.ts';
import { clean, instantOf, shorten } from './text.ts';
import { wordsOf } from './words.ts';

const styleOf: Readonly<Record<string, Style>> = {
  deployed: 'good',
  'commit-validated': 'good',
  'drift-resolved': 'good',
  'incident-resolved': 'good',
  'source-recovered': 'good',
  'commit-rejected': 'bad',
  'deployment-failed': 'bad',
  'rolled-back': 'bad',
  'incident-opened': 'bad',
  'source-failed': 'bad',
  'write-back-failed': 'bad',
  'notification-failed': 'bad',
  'command-refused': 'bad',
  'drift-observed': 'warn',
  'drift-detected': 'warn',
  'approval-requested': 'warn',
};

/** How lines are to look. */
export interface Look {
  readonly paint: Paint;
  /** Infinity: nothing is cut. */
  readonly width: number;
  readonly now: Date;
}

/** A fact on one line: when (with the day where it is not today), what, about what, and the words that matter. */
export function factLine(fact: Fact, { paint, width, now }: Look): string {
  const name = factNameOf(fact) || fact.type;
  const scope = clean(fact.subject.split('.').slice(3).join('.')).padEnd(12);
  const when = instantOf(fact.time, now);
  const what = clean(name).padEnd(20);
  const before = `${when}  ${what}  ${scope}  `.length;
  const words = shorten(wordsOf(name, fact.data), Math.max(20, width - before));
  return `${paint('dim', when)}  ${paint(styleOf[name] ?? 'name', what)}  ${scope}  ${words}`;
}
