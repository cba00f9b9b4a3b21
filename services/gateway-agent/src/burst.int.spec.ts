import { expect, it } from '@jest/globals';
import type { Unit } from '@gitway/contracts';
import { inSync, useGateway } from './testing/gateway.ts';
import { apiUnit, gatewayUnit } from './testing/units.ts';

const CHANGES = 200;
const gateway = useGateway();

it('two hundred changes in a row, as fast as they are wanted, come to a few reloads, and the last of them wins', async () => {
  const port = await gateway.upstream('one');
  /** Rules that no backend has, so that each by itself takes a reload. */
  const units = (index: number): Unit[] => [
    gatewayUnit(),
    apiUnit('a', port, {
      route: { hosts: [], basePath: `/v${index}`, keepBasePath: false },
      policy: { auth: { kind: 'none' }, rateLimits: [], timeouts: { connectMs: 1000 + index, requestMs: 5000 } },
    }),
  ];
  const snapshots = await Promise.all(
    Array.from({ length: CHANGES }, (_, index) => gateway.platform.store(units(index))),
  );
  await gateway.bring([gatewayUnit()]);
  const before = await gateway.reloads();
  const startedMs = performance.now();
  let generation = 0;
  for (const snapshot of snapshots) generation = await gateway.platform.want(snapshot);
  await gateway.platform.reported(inSync(snapshots.at(-1) ?? '', generation));
  const seconds = (performance.now() - startedMs) / 1000;
  expect((await gateway.reloads()) - before).toBeLessThanOrEqual(Math.ceil(seconds) + 4);
  expect((await gateway.call(`/v${CHANGES - 1}`)).body).toBe('one');
  expect((await gateway.call('/v0')).status).toBe(404);
}, 60_000);
