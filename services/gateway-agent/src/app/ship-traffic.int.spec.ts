import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TrafficBatch } from '@gitway/contracts';
import { TrafficLog } from '@gitway/messaging';
import { tempDir } from '@gitway/testing';
import { AccessLogFile } from '../adapters/access-log-file.ts';
import { ShipTraffic } from './ship-traffic.ts';

const folder = tempDir();
const log = () => join(folder.path(), 'access.log');
const line = (id: string, revision = 'a') =>
  `{"t":1700000000000,"Th":0,"Ti":0,"Tr":1,"Ta":2,"status":200,"in":1,"out":2,"end":"--","method":"GET","path":"/","api":"pets","consumer":"-","id":"${id}","rev":"sha256-${revision.repeat(64)}"}\n`;

/** Stores by identity as JetStream does; `failAfter` stores and then fails, as a lost acknowledgement. */
class FlakyTrafficLog extends TrafficLog {
  readonly stored = new Map<string, TrafficBatch>();
  failAfter = false;
  async publish(batch: TrafficBatch): Promise<void> {
    const id = `${batch.epoch}/${batch.sequence}`;
    if (!this.stored.has(id)) this.stored.set(id, batch);
    if (this.failAfter) throw new Error('acknowledgement lost');
  }
  ids = () => [...this.stored.values()].flatMap(({ calls }) => calls.map(({ requestId }) => requestId));
}

const shipper = (traffic: TrafficLog) =>
  new ShipTraffic(
    { environment: 'staging', gateway: 'edge' },
    new AccessLogFile(folder.path()),
    traffic,
    () => null,
    () => new Date(),
  );

describe('the access log is shipped', () => {
  beforeEach(() => {
    rmSync(join(folder.path(), 'traffic-position.json'), { force: true });
    writeFileSync(log(), '');
  });

  it('once, when the agent dies between storing and writing down, and more was logged meanwhile', async () => {
    const traffic = new FlakyTrafficLog();
    appendFileSync(log(), line('1') + 'Server x is DOWN\n' + line('2'));
    traffic.failAfter = true;
    await expect(shipper(traffic).step()).rejects.toThrow('acknowledgement lost');
    appendFileSync(log(), line('3'));
    traffic.failAfter = false;
    const next = shipper(traffic);
    while (await next.step());
    expect(traffic.ids()).toEqual(['1', '2', '3']);
  });

  it('in batches of one revision, and never half a line; what cannot be read is counted', async () => {
    const traffic = new FlakyTrafficLog();
    const ship = shipper(traffic);
    appendFileSync(log(), line('4', 'b') + line('5', 'c') + line('6', 'b') + '{"broken\n' + line('7').slice(0, 40));
    while (await ship.step());
    const batches = [...traffic.stored.values()];
    expect(batches.map(({ calls }) => calls.map(({ requestId }) => requestId))).toEqual([['4', '6'], ['5']]);
    expect(batches.map(({ lost }) => lost)).toContain(1);
    appendFileSync(log(), line('7').slice(40));
    while (await ship.step());
    expect(traffic.ids()).toEqual(['4', '6', '5', '7']);
  });

  it('with a word of the lines that HAProxy could not write, once', async () => {
    const traffic = new FlakyTrafficLog();
    const ship = shipper(traffic);
    ship.lose(3);
    await ship.step();
    appendFileSync(log(), line('8'));
    while (await ship.step());
    appendFileSync(log(), line('9'));
    while (await ship.step());
    expect([...traffic.stored.values()].map(({ lost }) => lost)).toEqual([3, 0]);
  });

  it('with everything that a line says of a call, in batches that stay small', async () => {
    const traffic = new FlakyTrafficLog();
    const ship = shipper(traffic);
    const own = 'x'.repeat(900);
    const members = JSON.stringify(JSON.stringify({ 'x-own': own, 'x-none': '-' }).slice(1, -1));
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const said = `"id":"1","trace":"${trace}","version":"v1","share":"0.25","audit":"metadata","headers":${members},"Tw":2,"Tc":3`;
    appendFileSync(log(), line('1').replace('"id":"1"', said).repeat(900));
    while (await ship.step());
    const batches = [...traffic.stored.values()];
    expect(batches[0]?.calls[0]).toMatchObject({
      ...{ traceId: trace, apiVersion: 'v1', share: 0.25, audited: true, headers: { 'x-own': own } },
      ...{ queueMs: 2, connectMs: 3 },
    });
    expect(batches.flatMap(({ calls }) => calls)).toHaveLength(900);
    expect(Math.max(...batches.map((batch) => Buffer.byteLength(JSON.stringify(batch))))).toBeLessThan(1024 * 1024);
    expect(batches.length).toBeGreaterThan(1);
  });
});
