/**
 * How wide lines may be. `COLUMNS` says it where it is set; else the terminal does; what is no terminal (a pipe, a
 * file) is never cut.
 */
export function widthOf(columns: string | undefined, output: { isTTY?: boolean; columns?: number }): number {
  if (columns !== undefined && /^[1-9]\d{0,5}$/.test(columns)) return Number(columns);
  if (output.isTTY !== true) return Number.POSITIVE_INFINITY;
  return output.columns !== undefined && output.columns > 0 ? output.columns : 80;
}
