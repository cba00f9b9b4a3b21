import { DDSketch } from '@datadog/sketches-js';
import type { Latency } from './judge.ts';

/** Every quantile is within this share of the true value. */
const RELATIVE_ACCURACY = 0.01;
/** What is shorter or longer is counted as this: it bounds the sketch to about a thousand bins. */
const SHORTEST_MS = 0.01;
const LONGEST_MS = 3_600_000;

/**
 * A mergeable summary of latencies (C. Masson, J. E. Rim, H. K. Lee, "DDSketch", PVLDB 12 (2019) 2195–2205): merging
 * sketches gives the same as sketching everything at once, so buckets, operations and gateways can be added up.
 */
export class LatencySketch implements Latency {
  private constructor(private readonly sketch: DDSketch) {}

  static empty(): LatencySketch {
    return new LatencySketch(new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY }));
  }

  static fromBytes(bytes: Uint8Array): LatencySketch {
    const sketch = LatencySketch.empty();
    sketch.sketch.merge(DDSketch.fromProto(bytes));
    return sketch;
  }

  get count(): number {
    return this.sketch.count;
  }

  add(latencyMs: number): void {
    this.sketch.accept(Math.min(Math.max(latencyMs, SHORTEST_MS), LONGEST_MS));
  }

  merge(other: LatencySketch): void {
    if (other.count > 0) this.sketch.merge(other.sketch);
  }

  at(quantile: number): number | null {
    return this.count === 0 ? null : this.sketch.getValueAtQuantile(quantile);
  }

  toBytes(): Buffer {
    return Buffer.from(this.sketch.toProto());
  }
}
