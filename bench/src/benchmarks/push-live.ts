import { join } from 'node:path';
import { deployed, type DataOf, type EventEnvelope, type StageTimes } from '@gitway/contracts';
import { generateSyntheticRepository, syntheticApi, syntheticApiFile } from '@gitway/examples';
import { EventFeed, type Platform, proxyName, silent, startPlatform, type WorkingCopy } from '@gitway/tools';
import type { Benchmark, BenchmarkContext } from '../benchmark.ts';
import { type Figure, figure, percentile } from '../figure.ts';

const WARM_UP = 5;
const PUSHES = 50;
const SITE = { environment: 'staging', gateway: 'staging-edge' };

/** What is between two of these instants, in the order in which they come to pass. */
const stages: readonly { name: string; from: keyof StageTimes | 'pushedAt'; to: keyof StageTimes }[] = [
  { name: 'push', from: 'pushedAt', to: 'receivedAt' },
  { name: 'detect + fetch', from: 'receivedAt', to: 'detectedAt' },
  { name: 'compile', from: 'detectedAt', to: 'validatedAt' },
  { name: 'deploy', from: 'validatedAt', to: 'desiredAt' },
  { name: 'render', from: 'desiredAt', to: 'renderedAt' },
  { name: 'apply', from: 'renderedAt', to: 'appliedAt' },
  { name: 'read back', from: 'appliedAt', to: 'reportedAt' },
];

type Deployed = EventEnvelope<DataOf<typeof deployed>>;

interface Sample {
  readonly totalMs: number;
  readonly byStage: readonly (number | null)[];
}

export const pushLive: Benchmark = {
  name: 'push-live',
  title: 'From the start of `git push` until the gateway was read back, one API changed',
  figures: ['push-live.p50.5apis', 'push-live.p95.5apis', 'push-live.p50.500apis', 'push-live.p95.500apis'],
  async run(context) {
    const platform = await startPlatform({ stateDir: join(context.folder, 'state'), reporter: silent });
    try {
      const small = await measure(context, platform, 5);
      const large = await measure(context, platform, 500);
      const inputs = (apis: number) =>
        `${PUSHES} pushes after ${WARM_UP}, 1 of ${apis} APIs with 4 operations changed, one HAProxy gateway`;
      return [
        p('push-live.p50.5apis', small, 0.5, 700, inputs(5)),
        p('push-live.p95.5apis', small, 0.95, 1_500, inputs(5)),
        p('push-live.p50.500apis', large, 0.5, null, inputs(500)),
        p('push-live.p95.500apis', large, 0.95, null, inputs(500)),
      ];
    } finally {
      await platform.stop();
    }
  },
};

function p(id: string, samples: readonly Sample[], share: number, goal: number | null, inputs: string): Figure {
  const totals = samples.map(({ totalMs }) => totalMs);
  const parts = stages.map(({ name }, index) => {
    const known = samples.map(({ byStage }) => byStage[index]).filter((ms): ms is number => typeof ms === 'number');
    return known.length === 0 ? `${name} ?` : `${name} ${Math.round(percentile(known, share))}`;
  });
  return figure({
    id,
    value: percentile(totals, share),
    unit: 'ms',
    goal,
    better: 'lower',
    inputs,
    note: `ms by stage (each stage's own percentile): ${parts.join(', ')}`,
  });
}

async function measure(context: BenchmarkContext, platform: Platform, apis: number): Promise<Sample[]> {
  const copy = await platform.clone(join(context.folder, `copy-${apis}`));
  const upstream = `http://127.0.0.1:${platform.ports['upstream-content']}`;
  const feed = await EventFeed.open(platform.console);
  try {
    await generateSyntheticRepository(copy.folder, {
      apis,
      upstream,
      ...SITE,
      port: platform.ports[proxyName(SITE)] ?? 0,
    });
    context.say(`pushing ${apis} APIs`);
    const first = await copy.push(`${apis} APIs`);
    await untilLive(feed, first.commit, 120_000);
    const samples: Sample[] = [];
    for (let round = 1; round <= WARM_UP + PUSHES; round++) {
      const sample = await pushOne(feed, copy, upstream, 1 + (round % apis), round);
      if (round > WARM_UP) samples.push(sample);
      if (round % 10 === 0)
        context.say(`${apis} APIs: push ${round} of ${WARM_UP + PUSHES}, live in ${sample.totalMs} ms`);
    }
    return samples;
  } finally {
    await feed.close();
  }
}

async function pushOne(
  feed: EventFeed,
  copy: WorkingCopy,
  upstream: string,
  api: number,
  round: number,
): Promise<Sample> {
  await copy.write(syntheticApiFile(api), syntheticApi(api, upstream, round));
  const { commit, startedAt } = await copy.push(`change ${round}`);
  const { data } = await untilLive(feed, commit, 30_000);
  const at = (name: keyof StageTimes | 'pushedAt') =>
    name === 'pushedAt' ? startedAt : data.times[name] === undefined ? null : Date.parse(data.times[name]);
  return {
    totalMs: Math.max(...data.gateways.map(({ reportedAt }) => Date.parse(reportedAt))) - startedAt,
    byStage: stages.map(({ from, to }) => {
      const [begin, end] = [at(from), at(to)];
      return begin === null || end === null ? null : end - begin;
    }),
  };
}

function untilLive(feed: EventFeed, commit: string, timeoutMs: number): Promise<Deployed> {
  return feed.until(deployed, (data) => data.commit === commit && data.environment === SITE.environment, {
    timeoutMs,
    what: `${commit.slice(0, 8)} live`,
  });
}
