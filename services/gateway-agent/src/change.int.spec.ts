import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ApiUnit } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { useGateway } from './testing/gateway.ts';
import { apiUnit, consumersUnit, gatewayUnit, keyAuth } from './testing/units.ts';

const gateway = useGateway();
const body = async (path: string) => (await gateway.call(path)).body;
/** An API of a kind of its own. */
const timed = (connectMs: number): Partial<ApiUnit> => ({
  policy: { auth: { kind: 'none' }, rateLimits: [], timeouts: { connectMs, requestMs: 5000 } },
});
const guarded: Partial<ApiUnit> = {
  policy: { auth: keyAuth, rateLimits: [], timeouts: { connectMs: 1000, requestMs: 5000 } },
};

/** The pools of an API, each with one target. */
async function pools(...shares: [name: string, weight: number, upstream: string][]): Promise<Partial<ApiUnit>> {
  const made = shares.map(async ([name, weight, upstream]) => ({
    name,
    weight,
    targets: [{ scheme: 'http' as const, host: '127.0.0.1', port: await gateway.upstream(upstream), weight: 1 }],
    healthCheck: null,
  }));
  return { pools: await Promise.all(made) };
}

describe('a change of a running gateway', () => {
  it('is told to the worker that runs: new, changed and removed APIs, splits, keys', async () => {
    const one = await gateway.upstream('one');
    const base = [
      gatewayUnit(),
      apiUnit('guarded', one, guarded),
      apiUnit('split', one, await pools(['a', 50, 'one'], ['b', 50, 'two'])),
    ];
    await gateway.bring([...base, apiUnit('a', one), consumersUnit('acme', 'first')]);
    const worker = await gateway.worker();

    await gateway.bring([
      ...base,
      apiUnit('a', one),
      apiUnit('b', await gateway.upstream('two')),
      consumersUnit('acme', 'first'),
    ]);
    expect([await body('/a'), await body('/b')]).toEqual(['one', 'two']);

    const declared = { operations: [{ id: 'get', method: 'GET', path: '/x' }] };
    await gateway.bring([
      ...base,
      apiUnit('a', await gateway.upstream('three'), declared),
      consumersUnit('acme', 'second'),
    ]);
    expect([await body('/a'), (await gateway.call('/b')).status]).toEqual(['three', 404]);
    const keyed = async (key: string) => (await gateway.call('/guarded', { 'x-api-key': key })).status;
    expect([await keyed('first'), await keyed('second')]).toEqual([401, 200]);

    const shifted = apiUnit('split', one, await pools(['a', 0, 'one'], ['b', 100, 'two']));
    await gateway.bring([gatewayUnit(), apiUnit('a', one), shifted]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => body('/split')));
    expect(new Set(answers)).toEqual(new Set(['two']));
    expect(await gateway.worker()).toBe(worker);
  });

  it('leaves nothing behind, and goes on after a restart of the agent', async () => {
    const bring = async (upstream: string) =>
      gateway.bring([gatewayUnit(), apiUnit('a', await gateway.upstream(upstream))]);
    await bring('one');
    const worker = await gateway.worker();
    const backends = new Set<string>();
    for (const upstream of ['two', 'three', 'one', 'two']) {
      await bring(upstream);
      backends.add(await body('/a'));
      await waitFor(
        async () =>
          (await gateway.admin('show servers state')).split('\n').filter((line) => line.includes('127.0.0.1'))
            .length === 1,
        { timeoutMs: 20_000 },
      );
      await gateway.restartAgent();
    }
    expect([...backends]).toEqual(['two', 'three', 'one']);
    expect(await gateway.worker()).toBe(worker);
    await gateway.platform.reported(({ drift, running }) => running !== null && drift.length === 0);
  });

  it('is on disk as well: a HAProxy that is started again serves the same', async () => {
    const units = [
      gatewayUnit(),
      apiUnit('a', await gateway.upstream('one')),
      apiUnit('b', await gateway.upstream('two')),
    ];
    await gateway.bring(units.slice(0, 2));
    const before = await gateway.reloads();
    await gateway.bring(units);
    await gateway.bring([...units.slice(0, 2), apiUnit('b', await gateway.upstream('three'))]);
    expect(await gateway.reloads()).toBe(before);
    await gateway.restartProxy();
    expect([await body('/a'), await body('/b')]).toEqual(['one', 'three']);
    await gateway.platform.reported(
      ({ drift, running, problems }) => running !== null && drift.length === 0 && problems.length === 0,
    );
    const worker = await gateway.worker();
    await gateway.bring(units);
    expect([await body('/b'), await gateway.worker()]).toEqual(['two', worker]);
  });

  it('takes a reload for rules that no backend has', async () => {
    const one = await gateway.upstream('one');
    await gateway.bring([gatewayUnit(), apiUnit('a', one)]);
    const worker = await gateway.worker();
    await gateway.bring([gatewayUnit(), apiUnit('a', one, timed(777))]);
    expect(await gateway.worker()).not.toBe(worker);
  });

  it('is undone by a reload where the worker was changed by others meanwhile', async () => {
    const one = await gateway.upstream('one');
    await gateway.bring([gatewayUnit(), apiUnit('a', one), apiUnit('b', one)]);
    const name = await gateway.admin('show map').then((text) => /\((maps\/routes\S+)\)/.exec(text)?.[1]);
    await gateway.admin(`del map ${name} */a/`);
    await gateway.platform.reported(({ drift }) => drift.some(({ path }) => path === 'map routes */a/'));
    const worker = await gateway.worker();
    await gateway.bring([gatewayUnit(), apiUnit('a', one), apiUnit('b', await gateway.upstream('two'))]);
    expect([await body('/a'), await body('/b')]).toEqual(['one', 'two']);
    expect(await gateway.worker()).not.toBe(worker);
  });
});

describe('a HAProxy that was loaded with another file', () => {
  it('is named, also when the right file lies there again', async () => {
    await gateway.bring([gatewayUnit(), apiUnit('a', await gateway.upstream('one'))]);
    const file = join(gateway.dir(), 'haproxy.cfg');
    copyFileSync(file, `${file}.kept`);
    const worker = await gateway.worker();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/([0-9a-f]{16})'/, `${'0'.repeat(16)}'`));
    await gateway.master('reload');
    await waitFor(async () => (await gateway.worker()) !== worker);
    copyFileSync(`${file}.kept`, file);
    const { drift } = await gateway.platform.reported(
      ({ drift: fields }) => fields.length === 1 && fields[0]?.path === 'process configuration',
    );
    expect(drift[0]?.live).toBe('0'.repeat(16));
  });
});
