/** Turns the data of one version of a fact into that of the next. */
export interface Upcaster {
  readonly from: string;
  readonly to: string;
  readonly data: (old: unknown) => unknown;
}

/** One entry for each version that has been superseded. All facts are at their first version. */
const upcasters: readonly Upcaster[] = [];

/** Applies upcasters until there is none for the type; what has none is returned as it came. */
export function upcast(
  type: string,
  data: unknown,
  known: readonly Upcaster[] = upcasters,
): { type: string; data: unknown } {
  const next = known.find((upcaster) => upcaster.from === type);
  return next === undefined ? { type, data } : upcast(next.to, next.data(data), known);
}
