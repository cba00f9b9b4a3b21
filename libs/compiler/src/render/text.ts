import type { Finding, Severity } from '@gitway/contracts';
import { maskSecrets } from '../secrets/hide-secrets.ts';
import { speaksOfSecret } from '../secrets/secret-findings.ts';
import { aboutOf, clean, MAX_TEXT, placeOf } from './clean.ts';
import type { CheckedEnvironment, Renderer } from './renderer.ts';

/** For people: each finding with the lines that it speaks of, and the verdict. */
export const textRenderer: Renderer = {
  format: 'text',
  summary: 'for people, with the lines in question',
  render({ refused, environments, findings, suppressed = [], counts, sources }, { color = false }) {
    const found = renderFindings(findings, sources, { color, within: withinOf(environments) });
    const names = environments.map(({ name, outcome }) => `${clean(name)}: ${outcome}`).join(', ') || 'no environment';
    const paint = painter(color);
    const verdict = refused ? paint('error', '✘ refused') : paint('good', '✔ good');
    const hidden = counts.errors + counts.warnings + counts.infos - findings.length;
    const tally = [
      counted(counts.errors, 'error'),
      counted(counts.warnings, 'warning'),
      ...(suppressed.length > 0 ? [`${suppressed.length} suppressed`] : []),
      ...(hidden > 0 ? [`${counted(hidden, 'finding')} not shown`] : []),
    ].join(', ');
    return `${found}${found === '' ? '' : '\n'}${verdict}  ${names}  (${tally})\n`;
  },
};

/** Says of a finding that concerns only some of several environments which: one place can be good in one of them alone. */
export function withinOf(
  environments: readonly Pick<CheckedEnvironment, 'name' | 'findings'>[],
): (finding: Finding) => string {
  const keyOf = ({ rule, severity, where, message }: Finding) => JSON.stringify([rule, severity, where, message]);
  const names = new Map<string, string[]>();
  if (environments.length > 1) {
    for (const { name, findings } of environments) {
      for (const key of new Set(findings.map(keyOf))) names.set(key, [...(names.get(key) ?? []), name]);
    }
  }
  return (finding) => {
    const found = names.get(keyOf(finding)) ?? [];
    return found.length === 0 || found.length === environments.length ? '' : `in ${found.join(', ')}`;
  };
}

/** `1 error`, `2 errors`. */
export const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Findings as text for a terminal, each with the lines that it speaks of. `sources` gives a file's text, where known. */
export function renderFindings(
  findings: readonly Finding[],
  sources: (path: string) => string | undefined,
  { color = false, within }: { readonly color?: boolean; readonly within?: (finding: Finding) => string } = {},
): string {
  const paint = painter(color);
  const split = new Map<string, string[]>();
  const linesOf = (file: string): string[] | undefined => {
    const text = split.has(file) ? undefined : sources(file)?.replace(/^\uFEFF/, '');
    // Lines around a finding may hold what another one is about.
    if (text !== undefined) split.set(file, maskSecrets(file, text, findings).split(/\r?\n/));
    return split.get(file);
  };
  return findings
    .map((item) => {
      const { file, range } = item.where;
      const place = clean(placeOf(item.where));
      const about = [clean(aboutOf(item.where)), clean(within?.(item) ?? '')].filter((part) => part !== '').join(' ');
      const head = [paint(item.severity, item.severity), paint('rule', clean(item.rule)), paint('place', place)];
      const lines = [head.join(' ').trimEnd(), `  ${shown(item.message)}`];
      if (about !== '') lines.push(`  ${paint('dim', about)}`);
      const text = file === undefined || range === undefined || speaksOfSecret(item) ? undefined : linesOf(file);
      if (text !== undefined && range !== undefined) lines.push(...frame(text, range, paint));
      if (item.hint !== undefined) lines.push(`  ${paint('hint', '→')} ${shown(item.hint)}`);
      for (const { message, where } of item.related ?? []) {
        lines.push(`  ${paint('dim', `${shown(message)} ${clean(placeOf(where))}`)}`);
      }
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

const shown = (text: string) => clean(text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`);

type Style = Severity | 'rule' | 'place' | 'dim' | 'hint' | 'good';
type Paint = (style: Style, text: string) => string;
const styles: Record<Style, string> = {
  error: '31;1',
  warning: '33;1',
  info: '36;1',
  rule: '2',
  place: '1',
  dim: '2',
  hint: '36',
  good: '32',
};

const painter =
  (color: boolean): Paint =>
  (style, text) =>
    color && text !== '' ? `\u001B[${styles[style]}m${text}\u001B[0m` : text;

const MAX_WIDTH = 120;

function frame(all: readonly string[], range: NonNullable<Finding['where']['range']>, paint: Paint): string[] {
  const first = Math.max(1, range.line - 1);
  const last = Math.min(all.length, range.line + 1);
  const gutter = String(last).length;
  const lines: string[] = [];
  // A document on one endless line is shown around the column.
  const shift = range.column > MAX_WIDTH - 20 ? range.column - 40 : 0;
  for (let number = first; number <= last; number++) {
    const line = clean((all[number - 1] ?? '').slice(shift, shift + MAX_WIDTH));
    lines.push(`  ${paint('dim', `${String(number).padStart(gutter)} │`)} ${line}`.trimEnd());
    if (number !== range.line) continue;
    const end = range.endLine === range.line ? range.endColumn : range.column + 1;
    const width = Math.max(1, Math.min(end - range.column, MAX_WIDTH - (range.column - shift) + 1));
    lines.push(
      `  ${paint('dim', `${' '.repeat(gutter)} │`)} ${' '.repeat(Math.max(0, range.column - 1 - shift))}${paint('error', '^'.repeat(width))}`,
    );
  }
  return lines;
}
