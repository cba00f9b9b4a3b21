import { describe, expect, it } from '@jest/globals';
import { jetstream } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { artifactKey, ARTIFACTS_BUCKET, digestOf } from '@gitway/contracts';
import { z } from 'zod';
import { useMessaging } from '../testing/use-messaging.ts';
import { ADMIN_USER } from '../provision/permissions.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { InMemoryArtifactStore } from './memory-artifact-store.ts';
import { NatsArtifactStore } from './nats-artifact-store.ts';

const messaging = useMessaging();
const schema = z.object({ name: z.string(), filler: z.string().optional() });

interface Setup {
  writer: ArtifactStore;
  reader: ArtifactStore;
  corrupt: (key: string, bytes: string) => Promise<void>;
}

const kinds: [string, (writer: 'validator' | 'git-watcher') => Promise<Setup>][] = [
  [
    'in memory',
    async () => {
      const store = new InMemoryArtifactStore();
      return {
        writer: store,
        reader: store,
        corrupt: async (key, bytes) => void store.contents.set(key, Buffer.from(bytes)),
      };
    },
  ],
  [
    'NATS',
    async (user) => ({
      writer: new NatsArtifactStore(await messaging.connectAs(user)),
      reader: new NatsArtifactStore(await messaging.connectAs('gateway-agent')),
      corrupt: async (key, bytes) => {
        const kv = await new Kvm(jetstream(await messaging.connectAs(ADMIN_USER))).open(ARTIFACTS_BUCKET);
        await kv.put(key, bytes);
      },
    }),
  ],
];

describe.each(kinds)('artifact store: %s', (_, setUp) => {
  it('gives back under its digest what was put, small and large', async () => {
    const { writer, reader } = await setUp('validator');
    for (const value of [{ name: 'small' }, { name: 'large', filler: 'x'.repeat(3_000_000) }]) {
      const digest = await writer.putJson('snapshot', value);
      expect(digest).toBe(digestOf(value));
      expect(await writer.putJson('snapshot', value)).toBe(digest);
      expect(await reader.getJson('snapshot', digest, schema)).toEqual(value);
      expect(await reader.has('snapshot', digest)).toBe(true);
    }
  });

  it('keeps blobs under the id that Git gives them', async () => {
    const { writer, reader } = await setUp('git-watcher');
    const content = Buffer.from('openapi: 3.1.0\n');
    const oid = await writer.putBlob(content);
    expect(Buffer.from(await reader.getBlob(oid))).toEqual(content);
    const large = Buffer.alloc(2_000_000, 'y');
    const largeOid = await writer.putBlob(large);
    expect((await reader.getBlobs([oid, largeOid])).get(largeOid)?.byteLength).toBe(large.byteLength);
    const single = await writer.putBlob(Buffer.from([0]));
    await expect(reader.getBlob(single).then((bytes) => [...bytes])).resolves.toEqual([0]);
  });

  it('says what is missing', async () => {
    const { reader } = await setUp('validator');
    await expect(reader.getJson('snapshot', digestOf('nothing'), schema)).rejects.toMatchObject({
      slug: 'artifact-missing',
    });
    expect(await reader.has('snapshot', digestOf('nothing'))).toBe(false);
  });

  it('never answers with bytes that do not have their digest', async () => {
    const { writer, reader, corrupt } = await setUp('validator');
    const digest = await writer.putJson('snapshot', { name: 'true' });
    await corrupt(artifactKey('snapshot', digest), '{"name":"false"}');
    await expect(reader.getJson('snapshot', digest, schema)).rejects.toMatchObject({ slug: 'artifact-corrupt' });
    const watcher = await setUp('git-watcher');
    const oid = await watcher.writer.putBlob(Buffer.from('true'));
    await watcher.corrupt(artifactKey('blob', oid), 'false');
    await expect(watcher.reader.getBlob(oid)).rejects.toMatchObject({ slug: 'artifact-corrupt' });
  });
});
