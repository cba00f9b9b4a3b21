import type { Finding, Severity } from '@gitway/contracts';

export interface RenderOptions {
  readonly color?: boolean;
}

/** Findings as text for a terminal, each with the lines that it speaks of. `sources` gives a file's text, where known. */
export function renderFindings(
  findings: readonly Finding[],
  sources: (path: string) => string | undefined,
  { color = false }: RenderOptions = {},
): string {
  const paint = (style: Style, text: string) => (color ? `\u001B[${styles[style]}m${text}\u001B[0m` : text);
  return findings
    .map((item) => {
      const { file, range, object, field } = item.where;
      const place = [file, range?.line, range?.column].filter((part) => part !== undefined).join(':');
      const head = `${paint(item.severity, item.severity)} ${paint('rule', item.rule)}${place === '' ? '' : ` ${paint('place', clean(place))}`}`;
      const about = [object, field].filter((part) => part !== undefined).join(' ');
      const lines = [head, `  ${clean(item.message)}`];
      if (about !== '') lines.push(`  ${paint('dim', clean(about))}`);
      const text = file === undefined || range === undefined ? undefined : sources(file);
      if (text !== undefined && range !== undefined) lines.push(...frame(text, range, paint));
      if (item.hint !== undefined) lines.push(`  ${paint('hint', '→')} ${clean(item.hint)}`);
      for (const related of item.related ?? []) {
        const { file: other, range: at } = related.where;
        lines.push(
          `  ${paint('dim', `${clean(related.message)} ${clean([other, at?.line, at?.column].filter((part) => part !== undefined).join(':'))}`)}`,
        );
      }
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
}

type Style = Severity | 'rule' | 'place' | 'dim' | 'hint';
const styles: Record<Style, string> = {
  error: '31;1',
  warning: '33;1',
  info: '36;1',
  rule: '2',
  place: '1',
  dim: '2',
  hint: '36',
};

const MAX_WIDTH = 120;

function frame(
  text: string,
  range: NonNullable<Finding['where']['range']>,
  paint: (style: Style, text: string) => string,
): string[] {
  const all = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const first = Math.max(1, range.line - 1);
  const last = Math.min(all.length, range.line + 1);
  const gutter = String(last).length;
  const lines: string[] = [];
  // A document on one endless line is shown around the column.
  const shift = range.column > MAX_WIDTH - 20 ? range.column - 40 : 0;
  for (let number = first; number <= last; number++) {
    const line = clean(all[number - 1] ?? '').slice(shift, shift + MAX_WIDTH);
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

/** What stands in a file must not move the reader's cursor. */
const clean = (text: string) =>
  text.replaceAll('\t', ' ').replaceAll(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
