import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ARTIFACT_INLINE_LIMIT_BYTES,
  artifactBucket,
  type ArtifactKind,
  artifactKey,
  artifactOwners,
  COMPILED_MAX_AGE_MS,
  largeArtifactsBucket,
} from '@gitway/contracts';
import { ArtifactStore } from './artifact-store.ts';

/** A value of one byte in the key-value bucket says that the content lies in the owner's object store. */
const ELSEWHERE = Buffer.from([0]);

export class NatsArtifactStore extends ArtifactStore {
  private readonly buckets = new Map<string, Promise<KV>>();
  private readonly large = new Map<string, Promise<ObjectStore>>();

  constructor(
    private readonly connection: NatsConnection,
    /** What was compiled is written again when it is used after this time, so that it does not go for its age. */
    private readonly renewCompiledAfterMs = COMPILED_MAX_AGE_MS / 2,
  ) {
    super();
  }

  protected async read(kind: ArtifactKind, digest: string): Promise<Uint8Array | null> {
    const entry = await (await this.kv(kind)).get(artifactKey(kind, digest));
    if (entry === null || entry.operation !== 'PUT') return null;
    if (kind === 'compiled') {
      if (Date.now() - entry.created.getTime() > this.renewCompiledAfterMs) await this.write(kind, digest, entry.value);
      return entry.value;
    }
    if (entry.value.length !== 1 || entry.value[0] !== ELSEWHERE[0]) return entry.value;
    // One artifact is that very byte; the object store then knows nothing of it.
    return (await (await this.objects(kind)).getBlob(digest)) ?? entry.value;
  }

  protected async write(kind: ArtifactKind, digest: string, content: Uint8Array): Promise<void> {
    if (content.byteLength <= ARTIFACT_INLINE_LIMIT_BYTES) {
      await (await this.kv(kind)).put(artifactKey(kind, digest), content);
      return;
    }
    // The pointer goes last: whoever finds it finds the content.
    await (await this.objects(kind)).putBlob({ name: digest }, content);
    await (await this.kv(kind)).put(artifactKey(kind, digest), ELSEWHERE);
  }

  async has(kind: ArtifactKind, digest: string): Promise<boolean> {
    const entry = await (await this.kv(kind)).get(artifactKey(kind, digest));
    return entry !== null && entry.operation === 'PUT';
  }

  private kv(kind: ArtifactKind): Promise<KV> {
    const name = artifactBucket(kind);
    let bucket = this.buckets.get(name);
    if (bucket === undefined) {
      bucket = new Kvm(jetstream(this.connection)).open(name, { allow_direct: true });
      bucket.catch(() => this.buckets.delete(name));
      this.buckets.set(name, bucket);
    }
    return bucket;
  }

  private objects(kind: ArtifactKind): Promise<ObjectStore> {
    const name = largeArtifactsBucket(artifactOwners[kind]);
    let store = this.large.get(name);
    if (store === undefined) {
      store = new Objm(jetstream(this.connection)).open(name);
      store.catch(() => this.large.delete(name));
      this.large.set(name, store);
    }
    return store;
  }
}
