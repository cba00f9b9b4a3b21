/** The line of `source` that holds `start`, with carets under the range. */
export function caret(source: string, start: number, end: number): string {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const to = source.indexOf('\n', start);
  const line = source.slice(from, to === -1 ? source.length : to);
  const width = Math.max(1, Math.min(end, from + line.length) - start);
  const gap = line.slice(0, start - from).replaceAll(/[^\t]/g, ' ');
  return `${line}\n${gap}${'^'.repeat(width)}`;
}
