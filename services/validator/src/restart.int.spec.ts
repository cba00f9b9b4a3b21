import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gitBlobId, type Tree } from '@gitway/contracts';
import { InMemoryArtifactStore, NatsArtifactStore } from '@gitway/messaging';
import { useMessaging } from '@gitway/messaging/testing';
import { BlobReader } from './adapters/blob-reader.ts';
import { CompileMeans } from './adapters/compile-means.ts';
import { CompileCommit } from './app/compile-commit.ts';
import type { LiveEnvironments } from './app/live-environments.ts';
import { loadValidatorConfig } from './config.ts';
import { zoo } from './testing/files.ts';

const messaging = useMessaging();
const nothing = { files: 0, documents: 0, units: 0 };
const files = zoo('zoo');
const tree: Tree = {
  commit: 'a'.repeat(40),
  entries: Object.entries(files)
    .map(([path, text]) => ({ path, oid: gitBlobId(Buffer.from(text)), size: text.length, mode: '100644' as const }))
    .sort((a, b) => (a.path < b.path ? -1 : 1)),
};
const contents = Object.values(files).map((text) => ({
  oid: gitBlobId(Buffer.from(text)),
  content: Buffer.from(text),
}));
const nothingLive = { of: () => Promise.resolve(null) } as unknown as LiveEnvironments;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitway-restart-'));
  const watcher = new NatsArtifactStore(await messaging.connectAs('git-watcher'));
  await watcher.putBlobs(contents);
});
afterAll(() => rm(folder, { recursive: true }));

/** The store that replicas share; `settled`: all that was given to it is there. */
async function shared() {
  const store = new NatsArtifactStore(await messaging.connectAs('validator'));
  const puts: Promise<void>[] = [];
  const put = store.putCompiled.bind(store);
  store.putCompiled = (...given) => {
    puts.push(put(...given));
    return puts.at(-1)!;
  };
  return Object.assign(store, { settled: () => Promise.all(puts) });
}

/** What a process of the service compiles that has just started and then ends. */
async function process(own: string | undefined, artifacts?: NatsArtifactStore) {
  const store = artifacts ?? new InMemoryArtifactStore();
  if (artifacts === undefined) await store.putBlobs(contents);
  const config = loadValidatorConfig({
    ...{ GITWAY_NATS_URL: 'nats://127.0.0.1:1', GITWAY_NATS_USER: 'validator', GITWAY_NATS_PASSWORD: 'x' },
    ...{
      GITWAY_HTTP_PORT: '0',
      GITWAY_INTERNAL_TOKEN: 'an-internal-token-for-tests',
      GITWAY_DATABASE_URL: 'postgres://127.0.0.1:1/x',
    },
    ...(own === undefined ? {} : { GITWAY_COMPILE_CACHE_DIR: join(folder, own) }),
  });
  const means = new CompileMeans(config, store);
  const compile = new CompileCommit(new BlobReader(store, 1e6), 1_000, nothingLive, { now: () => new Date() }, means);
  const { environments, runs, findings } = await compile.run(tree, 'shop', 'main', false);
  await means.onModuleDestroy();
  return { runs, findings, made: environments.map(({ name, digest, units }) => [name, digest, [...units]]) };
}
describe('a validator that starts', () => {
  it('compiles nothing again of what it kept in its folder, though no store knows it', async () => {
    const first = await process('own');
    expect(first.runs).toEqual({ files: tree.entries.length, documents: 2, units: 2 });
    expect(await process('own')).toEqual({ ...first, runs: nothing });
    expect(await process('other')).toEqual(first);
  });

  it('compiles nothing that another replica compiled, and keeps it in its own folder', async () => {
    const store = await shared();
    const first = await process(undefined, store);
    expect(first.runs).toEqual({ files: tree.entries.length, documents: 2, units: 2 });
    await store.settled();
    expect(await process('replica', await shared())).toEqual({ ...first, runs: nothing });
    expect(await process('replica')).toEqual({ ...first, runs: nothing });
  });

  it('makes again what is gone from the store while it compiles', async () => {
    const store = await shared();
    const first = await process(undefined, store);
    await store.settled();
    const get = store.getCompiled.bind(store);
    let asked = 0;
    // Every other value goes just before it is asked for.
    store.getCompiled = async (digest) => (asked++ % 2 === 0 ? undefined : get(digest));
    const second = await process(undefined, store);
    expect(second.made).toEqual(first.made);
    expect(second.runs).not.toEqual(nothing);
  });
});
