import { callerSeverities, type CallerSeverity, type ChangePlan, type PlannedChange } from '@gitway/contracts';
import {
  clean,
  headline,
  kindOf,
  marks,
  noticeWords,
  overallWords,
  severityTitles,
  shortDigest,
  shownNames,
} from './say.ts';

export type PlanStyle = 'good' | 'bad' | 'warn' | 'dim' | 'strong' | 'name';
export interface PlanTextOptions {
  /** Colours; the meaning is always in the words as well. */
  readonly paint?: (style: PlanStyle, text: string) => string;
}

const SHOWN_NAMES = 5;
const MAX_SUBJECT = 44;
const styles: Readonly<Record<CallerSeverity, PlanStyle>> = {
  breaking: 'bad',
  restricting: 'warn',
  unknown: 'warn',
  widening: 'good',
  neutral: 'dim',
};

/** A plan for the terminal: grouped by what it is to callers, most dangerous first. */
export function renderPlanText(plan: ChangePlan, options: PlanTextOptions = {}): string {
  const paint = options.paint ?? ((_, text: string) => text);
  const title = `${paint('strong', clean(plan.environment))}: ${headline(plan)}\n`;
  if (plan.severity === null) return title;
  const from = `${shortDigest(plan.before)} → ${shortDigest(plan.after)}`;
  const overall = `  ${paint('dim', `snapshot ${from}; ${overallWords(plan)}`)}\n`;
  const groups = callerSeverities.flatMap((severity) => {
    const changes = plan.changes.filter((each) => each.severity === severity);
    if (changes.length === 0) return [];
    return [
      `\n${paint(styles[severity], severityTitles[severity])}\n`,
      ...changes.map((each) => line(each, changes, paint)),
    ];
  });
  const omitted =
    plan.omitted === 0 ? '' : `\n${paint('dim', `… and ${plan.omitted} more, none of them worse than these`)}\n`;
  const agreed = (plan.accepted ?? []).map((each) => `  ${clean(each)}\n`);
  const accepted = agreed.length === 0 ? '' : `\n${paint('strong', 'accepted')}\n${agreed.join('')}`;
  return title + overall + groups.join('') + omitted + accepted;
}

function subjectOf(change: PlannedChange): string {
  const { names, more } = shownNames(change, SHOWN_NAMES);
  return `${kindOf(change)} ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function line(
  change: PlannedChange,
  among: readonly PlannedChange[],
  paint: NonNullable<PlanTextOptions['paint']>,
): string {
  const widths = among.map((each) => subjectOf(each).length).filter((width) => width <= MAX_SUBJECT);
  const width = Math.max(0, ...widths);
  const subject = subjectOf(change);
  const says = fieldAndWords(change);
  const gap = subject.length <= width ? ' '.repeat(width - subject.length + 2) : `\n    `;
  return `  ${marks[change.change]} ${paint('name', subject)}${gap}${says}\n      ${paint('dim', noticeWords(change))}\n`;
}

/** The field is named where the words do not. */
function fieldAndWords({ field, says }: PlannedChange): string {
  return clean(field === null || says.includes(field) ? says : `${says}  [${field}]`);
}
