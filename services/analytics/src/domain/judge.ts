import type { Finding } from '@gitway/contracts';
import { differenceInterval, quantileRanks, rateOf, wilsonInterval } from './statistics.ts';

/** What is known of one API under one revision. */
export interface ApiTraffic {
  readonly api: string;
  /**
   * Calls that were served or should have been. Those that the gateway refused (4xx of its own: no key, no such
   * operation, over the limit) are left out: they say nothing of the upstream and would dilute its errors.
   */
  readonly requests: number;
  /** Of these, answers 5xx, the gateway's own (no server, time-out) included. */
  readonly errors: number;
  /** Latency of the upstream's answers. */
  readonly latency: Latency;
}

export interface Latency {
  readonly count: number;
  /** Milliseconds at a quantile from 0 to 1; null when nothing was measured. */
  at(quantile: number): number | null;
}

export interface Thresholds {
  /** No API is judged on fewer requests. */
  readonly minRequests: number;
  /** Smallest rise of the error rate that matters (0.02: two points in a hundred). */
  readonly minErrorIncrease: number;
  /** Error rate that is bad whatever was before, used where there is no baseline to speak of. */
  readonly absoluteErrorRate: number;
  /** p95 has to be so many times the baseline's … */
  readonly latencyRatio: number;
  /** … and longer by this much. */
  readonly latencyIncreaseMs: number;
  /** Fewer latencies than this say too little of their 95th percentile. */
  readonly minLatencySamples: number;
  /**
   * Normal quantile of every bound. The traffic is looked at again with every batch, and a test that is repeated on
   * growing data errs far more often than once (P. Armitage, C. K. McPherson, B. C. Rowe, JRSS A 132 (1969) 235–244).
   * At 4 the chance of a false alarm stays near one in a thousand for one API and window even when looked at
   * continuously while the sample grows a hundredfold (boundary crossing of Brownian motion, D. Siegmund, "Sequential
   * Analysis", 1985, ch. IV).
   */
  readonly z: number;
  /** Of a bound that is looked at once, when the window is over: 97.5 %. */
  readonly finalZ: number;
}

export const standardThresholds: Omit<Thresholds, 'minRequests'> = {
  minErrorIncrease: 0.02,
  absoluteErrorRate: 0.5,
  latencyRatio: 2,
  latencyIncreaseMs: 50,
  minLatencySamples: 50,
  z: 4,
  finalZ: 1.96,
};

export type Outcome = 'healthy' | 'regressed' | 'inconclusive';

export interface Judgement {
  /** Null: nothing can be said yet. */
  readonly outcome: Outcome | null;
  /** Errors first. */
  readonly evidence: Finding[];
}

/**
 * Compares the revision just deployed with the one before it, API by API. `regressed` is said as soon as the evidence
 * suffices; `healthy` and `inconclusive` only when the window is over (`final`). An API of which half of all requests
 * fail is never healthy: `regressed` where it was better before, else `inconclusive`, since it may be as it was.
 */
export function judge(
  after: readonly ApiTraffic[],
  before: readonly ApiTraffic[],
  thresholds: Thresholds,
  final: boolean,
): Judgement {
  const baselines = new Map(before.map((traffic) => [traffic.api, traffic]));
  const regressions = after.flatMap((traffic) => {
    const baseline = baselines.get(traffic.api) ?? null;
    return [
      judgeErrors(traffic, baseline, thresholds) ?? (final ? judgeBad(traffic, baseline, thresholds) : null),
      baseline === null ? null : judgeLatency(traffic, baseline, thresholds),
    ].filter((finding) => finding !== null);
  });
  if (regressions.length > 0) return { outcome: 'regressed', evidence: regressions };
  if (!final) return { outcome: null, evidence: [] };

  const judged = after.filter(({ requests }) => requests >= thresholds.minRequests);
  const failing = judged.filter((traffic) => isBad(traffic, thresholds));
  const evidence = [
    ...failing.map((traffic) => stillFailing(traffic, baselines.get(traffic.api))),
    ...after.filter((traffic) => !judged.includes(traffic)).map((traffic) => tooFew(traffic, thresholds)),
    ...before.filter((baseline) => isGone(baseline, after, thresholds)).map(gone),
  ];
  if (after.length === 0 && before.length === 0) evidence.push(noTraffic());
  return { outcome: judged.length > 0 && failing.length === 0 ? 'healthy' : 'inconclusive', evidence };
}

function judgeErrors(after: ApiTraffic, before: ApiTraffic | null, thresholds: Thresholds): Finding | null {
  if (after.requests < thresholds.minRequests) return null;
  const now = { hits: after.errors, of: after.requests };
  if (before !== null) {
    const then = { hits: before.errors, of: before.requests };
    const increase = rateOf(now) - rateOf(then);
    const { low } = differenceInterval(now, then, thresholds.z);
    if (increase >= thresholds.minErrorIncrease && low > 0) return increased(after, before, low, thresholds.z);
  }
  const hasBaseline = before !== null && before.requests >= thresholds.minRequests;
  const wasBad = before !== null && before.requests > 0 && isBad(before, thresholds);
  if (hasBaseline || wasBad || !isBad(after, thresholds)) return null;
  const { low } = wilsonInterval(now, thresholds.z);
  return {
    rule: 'error-rate-high',
    severity: 'error',
    where: { object: `Api/${after.api}` },
    message:
      `${percent(rateOf(now))} of ${after.requests} requests failed (5xx; at least ${percent(low)} with z = ` +
      `${thresholds.z}). There is no baseline: ${before?.requests ?? 0} requests before the deployment, ` +
      `${thresholds.minRequests} are needed; so half of all requests failing is the measure.`,
    hint: 'See the upstream of this API, and what the commit changed for it.',
  };
}

/** The one look when the window is over, at an API of which half of all requests fail. */
function judgeBad(after: ApiTraffic, before: ApiTraffic | null, thresholds: Thresholds): Finding | null {
  if (after.requests < thresholds.minRequests || !isBad(after, thresholds)) return null;
  if (before === null || before.requests < thresholds.minRequests || isBad(before, thresholds)) return null;
  const now = { hits: after.errors, of: after.requests };
  const then = { hits: before.errors, of: before.requests };
  const { low } = differenceInterval(now, then, thresholds.finalZ);
  return low > 0 ? increased(after, before, low, thresholds.finalZ) : null;
}

function increased(after: ApiTraffic, before: ApiTraffic, low: number, z: number): Finding {
  return {
    rule: 'error-rate-increased',
    severity: 'error',
    where: { object: `Api/${after.api}` },
    message:
      `${failedOf(after)}, before the deployment ${percent(shareOf(before))} of ${before.requests}; ` +
      `the rise is at least ${percent(low)} (z = ${z}).`,
    hint: 'See the upstream of this API, and what the commit changed for it.',
  };
}

function stillFailing(after: ApiTraffic, before: ApiTraffic | undefined): Finding {
  const then = before === undefined ? '' : ` ${percent(shareOf(before))} of ${before.requests}`;
  return {
    rule: 'still-failing',
    severity: 'warning',
    where: { object: `Api/${after.api}` },
    message: `${failedOf(after)}, before the deployment${then}: not surely worse than it was, and not healthy.`,
    hint: 'See the upstream of this API.',
  };
}

const shareOf = ({ errors, requests }: ApiTraffic): number => rateOf({ hits: errors, of: requests });

const failedOf = (traffic: ApiTraffic): string =>
  `${percent(shareOf(traffic))} of ${traffic.requests} requests failed (5xx)`;

const isBad = ({ errors, requests }: ApiTraffic, { absoluteErrorRate }: Thresholds): boolean =>
  errors / requests >= absoluteErrorRate;

function judgeLatency(after: ApiTraffic, before: ApiTraffic, thresholds: Thresholds): Finding | null {
  const needed = Math.max(thresholds.minLatencySamples, thresholds.minRequests);
  if (after.latency.count < needed || before.latency.count < needed) return null;
  const now = after.latency.at(0.95);
  const then = before.latency.at(0.95);
  const surelyNow = after.latency.at(quantileRanks(0.95, after.latency.count, thresholds.z).low);
  const surelyThen = before.latency.at(quantileRanks(0.95, before.latency.count, thresholds.z).high);
  if (now === null || then === null || surelyNow === null || surelyThen === null) return null;
  const matters = now >= then * thresholds.latencyRatio && now - then >= thresholds.latencyIncreaseMs;
  if (!matters || surelyNow <= surelyThen) return null;
  return {
    rule: 'latency-increased',
    severity: 'error',
    where: { object: `Api/${after.api}` },
    message:
      `p95 is ${ms(now)} over ${after.latency.count} answers, before the deployment ${ms(then)} over ` +
      `${before.latency.count}; surely above ${ms(surelyNow)} against below ${ms(surelyThen)} (z = ${thresholds.z}).`,
    hint: 'See the upstream of this API, and what the commit changed for it.',
  };
}

function tooFew(after: ApiTraffic, { minRequests }: Thresholds): Finding {
  return {
    rule: 'too-few-requests',
    severity: 'info',
    where: { object: `Api/${after.api}` },
    message: `Not judged: ${after.requests} requests in the window, ${minRequests} are needed.`,
  };
}

/** An API that was used and is not any more: no proof of harm, and worth a look. */
const isGone = (baseline: ApiTraffic, after: readonly ApiTraffic[], { minRequests }: Thresholds): boolean =>
  baseline.requests >= minRequests && !after.some(({ api, requests }) => api === baseline.api && requests > 0);

function gone(baseline: ApiTraffic): Finding {
  return {
    rule: 'traffic-gone',
    severity: 'warning',
    where: { object: `Api/${baseline.api}` },
    message: `No request was served in the window; before the deployment there were ${baseline.requests}.`,
    hint: 'See whether the route, the hosts or the plans of this API were changed.',
  };
}

function noTraffic(): Finding {
  return {
    rule: 'no-traffic',
    severity: 'info',
    where: {},
    message: 'No API was called, neither in the window nor before the deployment.',
  };
}

const percent = (rate: number): string => `${(rate * 100).toFixed(rate < 0.1 ? 1 : 0)} %`;
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
