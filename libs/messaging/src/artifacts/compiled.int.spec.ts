import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DiscardPolicy, jetstreamManager } from '@nats-io/jetstream';
import {
  artifactKey,
  ARTIFACTS_BUCKET,
  COMPILED_BUCKET,
  COMPILED_MAX_AGE_MS,
  COMPILED_MAX_BYTES,
  digestOf,
} from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { connectNats } from '../bus/nats-connection.ts';
import { ADMIN_USER } from '../provision/permissions.ts';
import { provisionMessaging } from '../provision/provision.ts';
import { useMessaging } from '../testing/use-messaging.ts';
import { InMemoryArtifactStore } from './memory-artifact-store.ts';
import { NatsArtifactStore } from './nats-artifact-store.ts';

const messaging = useMessaging();
const stream = `KV_${COMPILED_BUCKET}`;
const manager = async () => jetstreamManager(await messaging.connectAs(ADMIN_USER));
const store = async (...more: [number?]) => new NatsArtifactStore(await messaging.connectAs('validator'), ...more);
const subject = (name: string) => `$KV.${COMPILED_BUCKET}.${artifactKey('compiled', digestOf(name))}`;
const provision = () => provisionMessaging(messaging.credentials(ADMIN_USER));
afterEach(provision);

describe('what the compiler keeps in the artifact store', () => {
  it.each([
    ['small', { value: 'x' }],
    ['large and of few words', { value: 'words '.repeat(500_000) }],
  ])('is given back: %s', async (name, value) => {
    const nats = await store();
    for (const each of [nats, new InMemoryArtifactStore()]) {
      await each.putCompiled(digestOf(name), value);
      expect(await each.getCompiled(digestOf(name))).toEqual(value);
      expect(await each.getCompiled(digestOf('nothing'))).toBeUndefined();
    }
  });

  it('is not kept where it is too large to be worth it, and not answered where it is not whole', async () => {
    const memory = new InMemoryArtifactStore();
    await memory.putCompiled(digestOf('large'), { value: randomBytes(2_000_000).toString('base64') });
    expect(memory.contents.size).toBe(0);
    for (const value of [{ value: 'x' }, { value: 'words '.repeat(5_000) }]) {
      await memory.putCompiled(digestOf('damaged'), value);
      const [[key, bytes]] = [...memory.contents] as [[string, Uint8Array]];
      for (const damage of [
        bytes.subarray(0, -1),
        bytes.subarray(10),
        new Uint8Array(),
        bytes.map((byte) => byte ^ 1),
      ]) {
        memory.contents.set(key, damage);
        expect(await memory.getCompiled(digestOf('damaged'))).toBeUndefined();
      }
    }
  });

  it('is bounded by age and size, also in an installation that kept it for ever', async () => {
    const admin = await manager();
    const { config } = await admin.streams.info(stream);
    await admin.streams.update(stream, { ...config, max_age: 0, max_bytes: -1, discard: DiscardPolicy.New });
    const connection = await connectNats(messaging.credentials(ADMIN_USER));
    const old = `$KV.${ARTIFACTS_BUCKET}.${artifactKey('compiled', digestOf('old'))}`;
    connection.publish(old, 'x');
    connection.publish(`$KV.${ARTIFACTS_BUCKET}.${artifactKey('unit', digestOf('old'))}`, 'x');
    await connection.flush();
    await connection.close();
    await provision();
    const bounds = { max_age: COMPILED_MAX_AGE_MS * 1e6, max_bytes: COMPILED_MAX_BYTES, discard: 'old' };
    expect((await admin.streams.info(stream)).config).toMatchObject(bounds);
    const left = await admin.streams.info(`KV_${ARTIFACTS_BUCKET}`, { subjects_filter: '>' });
    expect(Object.keys(left.state.subjects ?? {})).toEqual([
      `$KV.${ARTIFACTS_BUCKET}.${artifactKey('unit', digestOf('old'))}`,
    ]);
  });

  it('lets what was not used for the longest time go when there is no more room, whoever is using what', async () => {
    const admin = await manager();
    const { config } = await admin.streams.info(stream);
    await admin.streams.update(stream, { ...config, max_bytes: 400_000 });
    // Every use counts as one after a long time.
    const [writer, user] = [await store(), await store(-1)];
    const value = (name: number) => ({ name, filler: randomBytes(15_000).toString('base64') });
    await writer.putCompiled(digestOf('used'), value(0));
    for (let name = 1; name <= 60; name++) {
      await writer.putCompiled(digestOf(name), value(name));
      // Two replicas renew it at once.
      if (name % 5 === 0) {
        const found = await Promise.all([user, user].map((each) => each.getCompiled(digestOf('used'))));
        expect(found).toMatchObject([{ name: 0 }, { name: 0 }]);
      }
    }
    expect(await writer.getCompiled(digestOf(1))).toBeUndefined();
    expect(await writer.getCompiled(digestOf(60))).toMatchObject({ name: 60 });
    expect((await admin.streams.info(stream)).state.bytes).toBeLessThanOrEqual(400_000);
  });

  it('goes at its age, and a use in time begins it anew', async () => {
    const admin = await manager();
    const { config } = await admin.streams.info(stream);
    const writer = await store();
    await writer.putCompiled(digestOf('unused'), { value: 1 });
    await writer.putCompiled(digestOf('renewed'), { value: 2 });
    await (await store(-1)).getCompiled(digestOf('renewed'));
    expect((await admin.streams.getMessage(stream, { last_by_subj: subject('renewed') }))?.seq).toBeGreaterThan(
      (await admin.streams.getMessage(stream, { last_by_subj: subject('unused') }))!.seq + 1,
    );
    await admin.streams.update(stream, { ...config, max_age: 200 * 1e6, duplicate_window: 100 * 1e6 });
    await waitFor(async () => (await writer.getCompiled(digestOf('unused'))) === undefined);
  });
});
