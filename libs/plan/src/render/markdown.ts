import { callerSeverities, type ChangePlan, type PlannedChange } from '@gitway/contracts';
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
import { cut } from '../words/show-value.ts';

/** What a comment may be long: GitHub refuses more than 65,536 characters. */
export const MAX_MARKDOWN = 60_000;
const SHOWN_NAMES = 10;
const SHOWN_ACCEPTED = 5;

/** Plans as the comment of a pull request. What does not fit in `limit` characters is counted. */
export function renderPlanMarkdown(plans: readonly ChangePlan[], limit = MAX_MARKDOWN): string {
  const changing = plans.filter(({ severity }) => severity !== null);
  const same = plans.filter(({ severity }) => severity === null).map(({ environment }) => code(environment));
  const nothing = same.length === 0 ? '' : `Nothing changes in ${bounded(same)}.\n`;
  // Every environment gets its share, and what one does not use is the next one's.
  let rest = limit - nothing.length;
  const parts = changing.map((plan, index) => {
    const share = Math.floor(rest / (changing.length - index));
    const text = planMarkdown(plan, share - 1);
    rest -= text.length + 1;
    return text;
  });
  return [...parts, nothing]
    .filter((part) => part !== '')
    .join('\n')
    .slice(0, limit);
}

/** What was accepted is short, and stands before what may be cut off. */
const acceptedOf = ({ accepted = [] }: ChangePlan) =>
  accepted.length === 0
    ? ''
    : `\nAccepted:\n\n${accepted
        .slice(0, SHOWN_ACCEPTED)
        .map((each) => `- ${escape(cut(each, 300))}\n`)
        .join('')}${accepted.length > SHOWN_ACCEPTED ? `- … and ${accepted.length - SHOWN_ACCEPTED} more\n` : ''}`;

function planMarkdown(plan: ChangePlan, limit: number): string {
  const head = `### ${code(plan.environment)}: ${headline(plan)}\n\nSnapshot ${code(shortDigest(plan.before))} → ${code(shortDigest(plan.after))}; ${overallWords(plan)}.\n${acceptedOf(plan)}`;
  const total = Object.values(plan.counts).reduce((sum, count) => sum + count, 0);
  const more = (listed: number) => `\n… and ${total - listed} more, none of them worse than these.\n`;
  if (head.length > limit) return '';
  let text = head;
  let listed = 0;
  const room = limit - more(0).length;
  for (const severity of callerSeverities) {
    const rows = plan.changes.filter((each) => each.severity === severity).map(row);
    let table = `\n**${severityTitles[severity]}**\n\n| | what | change | reach |\n| --- | --- | --- | --- |\n`;
    if (rows.length === 0 || text.length + table.length + rows[0]!.length > room) continue;
    for (const each of rows) {
      if (text.length + table.length + each.length > room) break;
      table += each;
      listed += 1;
    }
    text += table;
    if (listed < total && rows.length > 0 && text.length + rows.at(-1)!.length > room) break;
  }
  return listed < total ? text + more(listed) : text;
}

function row(change: PlannedChange): string {
  const { names, more } = shownNames(change, SHOWN_NAMES);
  const what = `${escape(kindOf(change))} ${names.map(code).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const says = change.field === null || change.says.includes(change.field) ? '' : ` (${code(change.field)})`;
  return `| ${code(marks[change.change])} | ${what} | ${escape(change.says)}${says} | ${escape(noticeWords(change))} |\n`;
}

const bounded = (items: readonly string[]) =>
  items.length <= 20 ? items.join(', ') : `${items.slice(0, 20).join(', ')} and ${items.length - 20} more`;

/** Nothing in a code span is a link, a mention, an image or HTML; in a table a pipe must be escaped even there. */
function code(text: string): string {
  const cleaned = clean(text).trim() || '\uFFFD';
  const longest = Math.max(0, ...[...cleaned.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${cleaned.replaceAll('|', String.raw`\|`)}${pad}${fence}`;
}

/** Text that renders as it stands: no markup, and nothing that mentions people, refers to issues or becomes a link. */
const escape = (text: string) =>
  clean(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]|~!$]/g, String.raw`\$&`)
    .replaceAll(/[@#]/g, '$&&#8203;')
    .replaceAll('://', ':&#8203;//')
    .replaceAll(/www\./gi, '$&&#8203;');
