import type { DataOf, Finding, trafficJudged, TrafficSample } from '@gitway/contracts';
import type { ApiTraffic, Outcome } from './judge.ts';

type TrafficJudged = DataOf<typeof trafficJudged>;

/** Limits of the event. */
const MAX_APIS = 100;
const MAX_EVIDENCE = 50;

export function sampleOf(traffic: Omit<ApiTraffic, 'api'>): TrafficSample {
  return {
    requests: traffic.requests,
    errors: traffic.errors,
    p50Ms: round(traffic.latency.at(0.5)),
    p95Ms: round(traffic.latency.at(0.95)),
  };
}

/** The verdict's lists: APIs that got worse first, then by share of errors, then by name. */
export function verdictLists(
  after: readonly ApiTraffic[],
  before: readonly ApiTraffic[],
  evidence: readonly Finding[],
): Pick<TrafficJudged, 'apis' | 'evidence'> {
  const baselines = new Map(before.map((traffic) => [traffic.api, traffic]));
  const worse = new Set(evidence.filter(({ severity }) => severity === 'error').map(({ where }) => where.object));
  const rank = (traffic: ApiTraffic) => (worse.has(`Api/${traffic.api}`) ? 1 : 0);
  const share = ({ errors, requests }: ApiTraffic) => (requests === 0 ? 0 : errors / requests);
  const apis = [...after]
    .sort((a, b) => rank(b) - rank(a) || share(b) - share(a) || (a.api < b.api ? -1 : 1))
    .slice(0, MAX_APIS)
    .map((traffic) => {
      const baseline = baselines.get(traffic.api);
      return {
        api: traffic.api,
        after: sampleOf(traffic),
        before: baseline === undefined ? null : sampleOf(baseline),
      };
    });
  return { apis, evidence: evidence.slice(0, MAX_EVIDENCE) };
}

/** Records that were lost on the way: said, since the samples are smaller than the truth. */
export function lostRecords(lost: number): Finding[] {
  if (lost === 0) return [];
  return [
    {
      rule: 'call-records-lost',
      severity: 'info',
      where: {},
      message: `${lost} call records of this window are known to be lost; they are in none of the figures.`,
    },
  ];
}

/** What a person reads in a log. */
export const wordsOf = (outcome: Outcome, evidence: readonly Finding[]): string =>
  evidence.length === 0 ? outcome : `${outcome}: ${evidence[0]!.message}`;

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 100) / 100);
