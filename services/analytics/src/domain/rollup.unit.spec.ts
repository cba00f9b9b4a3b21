import { describe, expect, it } from '@jest/globals';
import type { CallRecord, TrafficBatch } from '@gitway/contracts';
import fc from 'fast-check';
import { LatencySketch } from './latency-sketch.ts';
import { rollUp } from './rollup.ts';

const now = Date.parse('2026-03-01T12:00:30.000Z');
const limits = { now, oldest: now - 3_600_000 };

const call = (over: Partial<CallRecord> = {}): CallRecord => ({
  at: now - 1_000,
  api: 'petstore',
  operation: 'getPet',
  consumer: 'acme',
  method: 'GET',
  status: 200,
  totalMs: 12,
  upstreamMs: 11,
  bytesIn: 100,
  bytesOut: 1_000,
  termination: '----',
  answeredBy: 'upstream',
  requestId: 'r',
  ...over,
});

const batch = (calls: CallRecord[]): TrafficBatch => ({
  environment: 'staging',
  gateway: 'edge',
  sequence: 1,
  epoch: 'e',
  lost: 0,
  sentAt: new Date(now).toISOString(),
  snapshot: `sha256-${'a'.repeat(64)}`,
  calls,
});

describe('rollUp', () => {
  it('adds up calls of one key, and bytes and latencies with them', () => {
    const { usage, samples } = rollUp(batch([call(), call({ at: now - 500, totalMs: 20 })]), limits);
    expect(usage).toMatchObject([{ calls: 2, bytesIn: 200, bytesOut: 2_000, status: 200, lastAt: now - 500 }]);
    expect(samples).toMatchObject([{ requests: 2, errors: 0, api: 'petstore', operation: 'getPet' }]);
    expect(samples[0]!.latency.count).toBe(2);
  });

  it('takes a call that was recorded for a share of them for all of those', () => {
    const { usage, samples } = rollUp(batch([call({ share: 0.25 }), call({ status: 503 })]), limits);
    expect(usage.map(({ status, calls, bytesIn }) => [status, calls, bytesIn])).toEqual([
      [200, 4, 400],
      [503, 1, 100],
    ]);
    expect(samples).toMatchObject([{ requests: 5, errors: 1 }]);
    const many = Array.from({ length: 1000 }, (_, index) => call({ share: 0.3, at: now - index }));
    expect(rollUp(batch(many), limits).usage.reduce((sum, { calls }) => sum + calls, 0)).toBeCloseTo(1000 / 0.3, -1);
  });

  it('counts every answer as usage, and what was refused or not answered as no request served', () => {
    const { usage, samples } = rollUp(
      batch([
        ...[401, 403, 404, 429].map((status) => call({ status, answeredBy: 'gateway' })),
        call({ status: -1 }),
        call({ api: null, status: 404, answeredBy: 'gateway' }),
        call({ status: 404 }), // The upstream's own.
        call({ status: 503, answeredBy: 'gateway', totalMs: 3 }),
        call({ status: 500 }),
      ]),
      limits,
    );
    expect(usage.reduce((sum, row) => sum + row.calls, 0)).toBe(9);
    expect(samples).toMatchObject([{ requests: 3, errors: 2 }]);
    expect(samples[0]!.latency.count).toBe(2); // The gateway's own answers say nothing of the upstream's speed.
  });

  it('keeps a clock that is ahead within the present and drops what is too old', () => {
    const { usage } = rollUp(batch([call({ at: now + 86_400_000 }), call({ at: limits.oldest - 1 })]), limits);
    expect(usage).toMatchObject([{ calls: 1, lastAt: now }]);
  });

  it('bounds names and never mixes two keys', () => {
    const { usage } = rollUp(
      batch([
        call({ operation: 'x'.repeat(10_000) + '\0' }),
        call({ operation: 'nul\0' }),
        call({ operation: 'a', consumer: 'bc' }),
        call({ operation: 'ab', consumer: 'c' }),
      ]),
      limits,
    );
    expect(usage).toHaveLength(4);
    expect(usage.map(({ operation }) => operation)).toContain('nul');
    expect(Math.max(...usage.map(({ operation }) => operation.length))).toBe(300);
  });
});

describe('LatencySketch', () => {
  const latencies = fc.array(fc.double({ min: 0, max: 120_000, noNaN: true }), { minLength: 1, maxLength: 300 });

  it('answers quantiles within one per cent, also after a trip through bytes', () => {
    fc.assert(
      fc.property(latencies, fc.constantFrom(0, 0.5, 0.95, 0.99), (values, quantile) => {
        const sketch = LatencySketch.empty();
        for (const value of values) sketch.add(value);
        const clamped = values.map((value) => Math.max(value, 0.01)).sort((a, b) => a - b);
        const rank = quantile * (clamped.length - 1);
        const [low, high] = [clamped[Math.floor(rank)]!, clamped[Math.ceil(rank)]!];
        for (const each of [sketch, LatencySketch.fromBytes(sketch.toBytes())]) {
          expect(each.count).toBe(values.length);
          expect(each.at(quantile)!).toBeGreaterThanOrEqual(low * 0.98);
          expect(each.at(quantile)!).toBeLessThanOrEqual(high * 1.02);
        }
      }),
    );
  });

  it('merges to what one sketch of everything says', () => {
    fc.assert(
      fc.property(latencies, latencies, (a, b) => {
        const [one, two, all] = [LatencySketch.empty(), LatencySketch.empty(), LatencySketch.empty()];
        for (const value of a) one.add(value);
        for (const value of b) two.add(value);
        for (const value of [...a, ...b]) all.add(value);
        const merged = LatencySketch.fromBytes(one.toBytes());
        merged.merge(LatencySketch.fromBytes(two.toBytes()));
        expect(merged.count).toBe(all.count);
        for (const quantile of [0.05, 0.5, 0.95]) expect(merged.at(quantile)).toBeCloseTo(all.at(quantile)!, 6);
      }),
    );
  });

  it('is small whatever it is given', () => {
    const sketch = LatencySketch.empty();
    for (const value of [0, 1e-9, 1e12, Number.MAX_VALUE]) sketch.add(value);
    for (let i = 0; i < 1_000; i += 1) sketch.add(1.02 ** i);
    expect(sketch.toBytes().byteLength).toBeLessThan(12_000);
  });
});
