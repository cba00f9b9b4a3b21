import { describe, expect, it } from '@jest/globals';
import { findingSchema } from '@gitway/contracts';
import fc from 'fast-check';
import { type ApiTraffic, judge, standardThresholds } from './judge.ts';
import { LatencySketch } from './latency-sketch.ts';

const thresholds = { ...standardThresholds, minRequests: 20 };

function sketchOf(latencies: readonly number[]): LatencySketch {
  const sketch = LatencySketch.empty();
  for (const latency of latencies) sketch.add(latency);
  return sketch;
}

/** `slow` of the answers take `slowMs`, the others 20 ms. */
function traffic(requests: number, errors: number, slow = 0, slowMs = 20, api = 'petstore'): ApiTraffic {
  const latencies = Array.from({ length: requests }, (_, i) => (i < slow ? slowMs : 20));
  return { api, requests, errors, latency: sketchOf(latencies) };
}

const outcomeOf = (after: ApiTraffic[], before: ApiTraffic[], final = false) =>
  judge(after, before, thresholds, final).outcome;
const rulesOf = (after: ApiTraffic[], before: ApiTraffic[], final = false) =>
  judge(after, before, thresholds, final).evidence.map(({ rule }) => rule);

describe('errors', () => {
  it.each([
    ['all of the first requests fail', traffic(20, 20), traffic(100, 0), 'regressed'],
    ['a third fails where none did', traffic(60, 20), traffic(500, 0), 'regressed'],
    ['a few fail, which may be chance', traffic(60, 3), traffic(60, 0), null],
    ['what failed before fails now', traffic(100, 60), traffic(100, 60), null],
    ['a significant rise that is too small to matter', traffic(100_000, 1_500), traffic(100_000, 100), null],
    ['fewer requests than are needed', traffic(19, 19), traffic(100, 0), null],
    ['better than before', traffic(100, 0), traffic(100, 50), null],
  ] as const)('%s', (_name, after, before, expected) => {
    expect(outcomeOf([after], [before])).toBe(expected);
  });

  it('are judged absolutely where there is no baseline to speak of, and the evidence says so', () => {
    for (const before of [[], [traffic(1, 0)]]) {
      const { outcome, evidence } = judge([traffic(20, 20)], before, thresholds, false);
      expect(outcome).toBe('regressed');
      expect(evidence.map(({ rule }) => rule)).toContain('error-rate-high');
      expect(evidence.find(({ rule }) => rule === 'error-rate-high')!.message).toContain('There is no baseline');
    }
    expect(outcomeOf([traffic(20, 9)], [])).toBeNull();
    expect(outcomeOf([traffic(40, 20)], [])).toBe('regressed');
    expect(outcomeOf([traffic(40, 20)], [traffic(5, 5)])).toBeNull(); // It was as bad before, as far as anybody knows.
  });

  it('of one API are not hidden by the health of the others', () => {
    const others = Array.from({ length: 30 }, (_, i) => traffic(1_000, 0, 0, 20, `api-${i}`));
    const { outcome, evidence } = judge([...others, traffic(50, 50)], [...others, traffic(50, 0)], thresholds, true);
    expect(outcome).toBe('regressed');
    expect(evidence.map(({ where }) => where.object)).toEqual(['Api/petstore']);
  });
});

describe('latency', () => {
  it.each([
    ['a quarter of the answers became ten times slower', traffic(400, 0, 100, 200), traffic(400, 0), true],
    ['twice as slow, but only by milliseconds', traffic(400, 0, 400, 45), traffic(400, 0), false],
    ['slower by much, but not twice', traffic(400, 0, 400, 330), traffic(400, 0, 400, 200), false],
    ['too few answers', traffic(40, 0, 40, 900), traffic(400, 0), false],
    ['too few answers before', traffic(400, 0, 400, 900), traffic(40, 0), false],
    ['six slow ones in a hundred may be chance', traffic(100, 0, 6, 900), traffic(100, 0), false],
  ] as const)('%s', (_name, after, before, regressed) => {
    expect(rulesOf([after], [before])).toEqual(regressed ? ['latency-increased'] : []);
  });
});

describe('when the window is over', () => {
  it('is healthy when an API had enough requests and none got worse', () => {
    expect(outcomeOf([traffic(20, 0)], [], true)).toBe('healthy');
    expect(judge([traffic(20, 0)], [traffic(20, 0)], thresholds, true)).toEqual({ outcome: 'healthy', evidence: [] });
  });

  it('is inconclusive when no API had enough, and says what was missing', () => {
    expect(judge([traffic(3, 3)], [traffic(100, 0)], thresholds, true)).toMatchObject({
      outcome: 'inconclusive',
      evidence: [{ rule: 'too-few-requests', where: { object: 'Api/petstore' } }],
    });
    expect(rulesOf([], [], true)).toEqual(['no-traffic']);
  });

  it('is never healthy while half of the requests fail: worse than before is regressed, as bad as before is open', () => {
    for (const before of [traffic(5, 5), traffic(100, 100)]) {
      const { outcome, evidence } = judge([traffic(200, 200)], [before], thresholds, true);
      expect(outcome).toBe('inconclusive');
      expect(evidence).toMatchObject([
        { rule: 'still-failing', severity: 'warning', where: { object: 'Api/petstore' } },
      ]);
    }
    // Too few for a test that is repeated; enough for one that is made once.
    expect(outcomeOf([traffic(20, 10)], [traffic(20, 0)])).toBeNull();
    expect(outcomeOf([traffic(20, 10)], [traffic(20, 0)], true)).toBe('regressed');
    expect(outcomeOf([traffic(100, 52)], [traffic(100, 48)], true)).toBe('inconclusive');
    expect(outcomeOf([traffic(50, 0, 0, 20, 'orders'), traffic(50, 50)], [traffic(50, 50)], true)).toBe('inconclusive');
  });

  it('points at an API that nobody reaches any more', () => {
    expect(rulesOf([], [traffic(100, 0)], true)).toEqual(['traffic-gone']);
    expect(outcomeOf([], [traffic(100, 0)], true)).toBe('inconclusive');
  });
});

const sample = fc
  .record({ requests: fc.nat(3_000), share: fc.double({ min: 0, max: 1, noNaN: true }), slow: fc.nat(100) })
  .map(({ requests, share, slow }) => traffic(requests, Math.round(requests * share), (requests * slow) / 100, 400));

describe('for any traffic', () => {
  it('what is equal to its baseline never regresses', () => {
    fc.assert(
      fc.property(sample, (same) => outcomeOf([same], [same], true) !== 'regressed'),
      { numRuns: 200 },
    );
  });

  it('more errors never make a regression go away, fewer never make one', () => {
    fc.assert(
      fc.property(sample, sample, fc.nat(500), (after, before, more) => {
        const worse = { ...after, errors: Math.min(after.requests, after.errors + more) };
        return outcomeOf([after], [before]) !== 'regressed' || outcomeOf([worse], [before]) === 'regressed';
      }),
      { numRuns: 200 },
    );
  });

  it('slower answers never make a regression go away', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 50, max: 1_000 }),
        fc.nat(100),
        fc.integer({ min: 30, max: 5_000 }),
        fc.nat(5_000),
        (n, share, slowMs, extra) => {
          const slow = Math.floor((n * share) / 100);
          const before = traffic(n, 0);
          const regressed = outcomeOf([traffic(n, 0, slow, slowMs)], [before]) === 'regressed';
          return !regressed || outcomeOf([traffic(n, 0, slow, slowMs + extra)], [before]) === 'regressed';
        },
      ),
      { numRuns: 100 },
    );
  });

  it('a verdict before the end is never healthy, at the end there always is one, and evidence has the contract’s shape', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 1 }), fc.array(sample, { maxLength: 1 }), (after, before) => {
        expect([null, 'regressed']).toContain(outcomeOf(after, before));
        const { outcome, evidence } = judge(after, before, thresholds, true);
        expect(outcome).not.toBeNull();
        for (const finding of evidence) findingSchema.parse(finding);
        expect(evidence.some(({ severity }) => severity === 'error')).toBe(outcome === 'regressed');
      }),
      { numRuns: 200 },
    );
  });

  it('looking after every request, a false alarm stays rare', () => {
    // 400 windows of 400 requests that fail as often (5 %) after the deployment as before, looked at every ten requests.
    let seed = 42;
    const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    let alarms = 0;
    for (let window = 0; window < 400; window += 1) {
      const before = { ...traffic(0, 0), requests: 400, errors: 20 };
      let errors = 0;
      for (let requests = 1; requests <= 400; requests += 1) {
        if (random() < 0.05) errors += 1;
        if (requests % 10 === 0 && outcomeOf([{ ...traffic(0, 0), requests, errors }], [before]) === 'regressed') {
          alarms += 1;
          break;
        }
      }
    }
    expect(alarms).toBeLessThanOrEqual(2);
  });
});
