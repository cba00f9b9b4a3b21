import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import {
  ARTIFACT_INLINE_LIMIT_BYTES,
  type ArtifactKind,
  artifactKey,
  artifactOwners,
  ARTIFACTS_BUCKET,
  largeArtifactsBucket,
} from '@gitway/contracts';
import { ArtifactStore } from './artifact-store.ts';

/** A value of one byte in the key-value bucket says that the content lies in the owner's object store. */
const ELSEWHERE = Buffer.from([0]);

export class NatsArtifactStore extends ArtifactStore {
  private bucket: Promise<KV> | null = null;
  private readonly large = new Map<string, Promise<ObjectStore>>();

  constructor(private readonly connection: NatsConnection) {
    super();
  }

  protected async read(kind: ArtifactKind, digest: string): Promise<Uint8Array | null> {
    const entry = await (await this.kv()).get(artifactKey(kind, digest));
    if (entry === null || entry.operation !== 'PUT') return null;
    if (entry.value.length !== 1 || entry.value[0] !== ELSEWHERE[0]) return entry.value;
    // One artifact is that very byte; the object store then knows nothing of it.
    return (await (await this.objects(kind)).getBlob(digest)) ?? entry.value;
  }

  protected async write(kind: ArtifactKind, digest: string, content: Uint8Array): Promise<void> {
    if (content.byteLength <= ARTIFACT_INLINE_LIMIT_BYTES) {
      await (await this.kv()).put(artifactKey(kind, digest), content);
      return;
    }
    // The pointer goes last: whoever finds it finds the content.
    await (await this.objects(kind)).putBlob({ name: digest }, content);
    await (await this.kv()).put(artifactKey(kind, digest), ELSEWHERE);
  }

  async has(kind: ArtifactKind, digest: string): Promise<boolean> {
    const entry = await (await this.kv()).get(artifactKey(kind, digest));
    return entry !== null && entry.operation === 'PUT';
  }

  private kv(): Promise<KV> {
    this.bucket ??= new Kvm(jetstream(this.connection)).open(ARTIFACTS_BUCKET, { allow_direct: true });
    return this.bucket;
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
