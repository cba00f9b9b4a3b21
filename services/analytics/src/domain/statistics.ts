/** Statistics that the judge rests on. Each names the method and where it is described. */

export interface Proportion {
  /** How often it happened. */
  readonly hits: number;
  /** Out of how many. */
  readonly of: number;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export const rateOf = ({ hits, of }: Proportion): number => (of === 0 ? 0 : hits / of);

/**
 * Wilson's score interval of a proportion: honest for small samples and for rates of 0 and 1, where the textbook
 * (Wald) interval has no width. E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 22 (1927) 209–212.
 */
export function wilsonInterval({ hits, of }: Proportion, z: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const rate = hits / of;
  const square = z * z;
  const centre = rate + square / (2 * of);
  const spread = z * Math.sqrt((rate * (1 - rate)) / of + square / (4 * of * of));
  const scale = 1 + square / of;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/**
 * Interval of `after − before` for two independent proportions, from Wilson's interval of each (hybrid score, method
 * 10 in R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17 (1998) 873–890).
 */
export function differenceInterval(after: Proportion, before: Proportion, z: number): Interval {
  const difference = rateOf(after) - rateOf(before);
  const a = wilsonInterval(after, z);
  const b = wilsonInterval(before, z);
  return {
    low: difference - Math.hypot(rateOf(after) - a.low, b.high - rateOf(before)),
    high: difference + Math.hypot(a.high - rateOf(after), rateOf(before) - b.low),
  };
}

/**
 * Ranks (as quantiles) between which the true quantile lies, whatever the distribution: the order statistics around it
 * are binomial. H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed., section 7.1 (normal approximation).
 */
export function quantileRanks(quantile: number, samples: number, z: number): Interval {
  if (samples === 0) return { low: 0, high: 1 };
  const spread = z * Math.sqrt((quantile * (1 - quantile)) / samples);
  return { low: Math.max(0, quantile - spread), high: Math.min(1, quantile + spread) };
}
