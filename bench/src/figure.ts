/** One measured value. Ids are stable, so that anybody can compare runs. */
export interface Figure {
  readonly id: string;
  /** Times in ms, rates per second, memory in MB, ratios without a unit. */
  readonly value: number;
  readonly unit: 'ms' | '/s' | 'MB' | '';
  /** The limit or target; null where there is none. */
  readonly goal: number | null;
  readonly better: 'lower' | 'higher';
  /** Whether the goal is met; null without one. */
  readonly holds: boolean | null;
  /** What it was measured on. */
  readonly inputs: string;
  readonly note: string;
}

export function figure(given: Omit<Figure, 'holds'>): Figure {
  const { goal, better, value } = given;
  const holds = goal === null ? null : better === 'lower' ? value <= goal : value >= goal;
  return { ...given, value: Math.round(value * 100) / 100, holds };
}

/** The value below which `share` (0–1) of the samples lie; the nearest rank, so always a sample. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] as number;
}
