import type { Benchmark } from '../benchmark.ts';
import { apply } from './apply.ts';
import { breaking } from './breaking.ts';
import { compile } from './compile.ts';
import { corpus } from './corpus.ts';
import { eventLatency } from './event-latency.ts';
import { gateway } from './gateway.ts';
import { gatewayLog } from './gateway-log.ts';
import { lint } from './lint.ts';
import { pushLive } from './push-live.ts';
import { start } from './start.ts';

export const benchmarks: readonly Benchmark[] = [
  pushLive,
  eventLatency,
  start,
  breaking,
  corpus,
  compile,
  lint,
  gateway,
  gatewayLog,
  apply,
];
