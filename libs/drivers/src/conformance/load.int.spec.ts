import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { digestOf, type Unit } from '@gitway/contracts';
import { tempDir, useHaproxy, waitFor } from '@gitway/testing';
import type { SnapshotUnit } from '../driver.ts';
import { gatewayOf, unitsOf } from './build.ts';
import type { Snapshot, UpstreamName } from './case.ts';
import { headerOf } from './testing/expectations.ts';
import { haproxyRunner } from './testing/haproxy-runner.ts';
import { type LoadTarget, startLoad } from './testing/load.ts';
import { surroundings } from './testing/surroundings.ts';
import { UPSTREAM_HEADER, Upstreams } from './testing/upstreams.ts';

const haproxy = useHaproxy();
const folder = tempDir();
let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await Upstreams.start();
});
afterAll(() => upstreams.close());

const names: readonly UpstreamName[] = ['a', 'b', 'c', 'd'];

/** Ten APIs of one revision: its upstream and its lifecycle say which. */
function snapshot(revision: number): SnapshotUnit[] {
  const given: Snapshot = {
    apis: Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [
        `api${index}`,
        { route: { basePath: `/api${index}` }, pools: [{ to: [names[revision % 4]!] }] },
      ]),
    ),
  };
  const around = { ...surroundings, id: 'load', ports: upstreams.ports, tokens: {} };
  const units: Unit[] = [gatewayOf('haproxy'), ...unitsOf(given, around).units];
  return units.map((unit) => ({ digest: digestOf(unit), unit }));
}

const targets: readonly LoadTarget[] = Array.from({ length: 10 }, (_, index) => ({
  name: `api${index}`,
  host: 'load.test',
  line: `GET /api${index}/x`,
  revisions: (answer) => {
    const upstream = headerOf(answer.headers, UPSTREAM_HEADER);
    return answer.status === 200 && upstream !== null ? [upstream, answer.body] : null;
  },
}));

describe('under load', () => {
  it('HAProxy takes one snapshot after another without a failed or a mixed answer', async () => {
    const gateway = await haproxyRunner(haproxy, () => folder.path()).start(snapshot(0));
    const load = startLoad({ to: gateway.address('http'), targets });
    for (let revision = 1; revision < 8; revision += 1) {
      const before = load.result.calls;
      await gateway.apply(snapshot(revision));
      await waitFor(() => load.result.calls > before + 50);
    }
    const result = await load.stop();
    expect(result.failed).toEqual([]);
    expect(result.wrong).toEqual([]);
    expect(result.mixed).toEqual([]);
    expect(new Set(result.seen.get('api3'))).toEqual(new Set(names));
    expect(result.connections).toBeLessThan(result.calls);
    await gateway.stop();
  });

  it('a gateway that goes away, one that answers wrongly and one that mixes revisions are told of', async () => {
    const gateway = await haproxyRunner(haproxy, () => folder.path()).start(snapshot(0));
    const at = gateway.address('http');
    const all = startLoad({
      to: at,
      targets: [
        ...targets,
        { ...targets[0]!, name: 'nowhere', line: 'GET /nowhere' },
        { ...targets[0]!, name: 'mixed', revisions: () => ['one', 'another'] },
      ],
    });
    await waitFor(() => all.result.wrong.length > 0 && all.result.mixed.length > 0);
    expect(all.result.failed).toEqual([]);
    await gateway.stop();
    await waitFor(() => all.result.failed.length > 0);
    const result = await all.stop();
    expect(new Set(result.wrong.map((text) => text.split(':')[0]))).toEqual(new Set(['nowhere']));
    expect(new Set(result.mixed)).toEqual(new Set(['mixed: one, another']));
  });
});
