import type { Figure } from './figure.ts';

/** The figures for a person: a line each, and under it what it was measured on. */
export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ id, value, unit, goal, better, holds }) => [
    id,
    `${value}${unit === '' ? '' : ` ${unit}`}`,
    goal === null ? '' : `${better === 'lower' ? '≤' : '≥'} ${goal}`,
    holds === null ? '' : holds ? 'holds' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length), 0));
  return figures
    .flatMap(({ inputs, note }, index) => [
      (rows[index] ?? [])
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
      `    ${inputs}`,
      ...(note === '' ? [] : [`    ${note}`]),
    ])
    .join('\n');
}
