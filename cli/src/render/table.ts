import type { Paint, Style } from './color.ts';

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

/** Columns as wide as their widest cell, two spaces between; the last one is cut where the terminal ends. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Cell)[])[],
  options: { paint: Paint; width: number },
): string {
  const cells = rows.map((row) => row.map((cell): Cell => (typeof cell === 'string' ? { text: cell } : cell)));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.text.length ?? 0)),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(20, options.width - before);
  const line = (row: readonly Cell[]) =>
    row
      .map(({ text, style }, column) => {
        const last = column === row.length - 1;
        const shown = last && text.length > room ? `${text.slice(0, room - 1)}…` : text;
        const painted = style === undefined ? shown : options.paint(style, shown);
        return last ? painted : painted + ' '.repeat(Math.max(0, widths[column]! - shown.length));
      })
      .join('  ')
      .trimEnd();
  return (
    [head.map((title): Cell => ({ text: title.toUpperCase(), style: 'dim' })), ...cells].map(line).join('\n') + '\n'
  );
}
