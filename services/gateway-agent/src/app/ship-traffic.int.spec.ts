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
});
