import { type ArtifactKind, artifactKey } from '@gitway/contracts';
import { ArtifactStore } from './artifact-store.ts';

/** Artifacts in memory, for tests. `contents` is open so that a test can corrupt them. */
export class InMemoryArtifactStore extends ArtifactStore {
  readonly contents = new Map<string, Uint8Array>();

  protected async read(kind: ArtifactKind, digest: string): Promise<Uint8Array | null> {
    return this.contents.get(artifactKey(kind, digest)) ?? null;
  }

  protected async write(kind: ArtifactKind, digest: string, content: Uint8Array): Promise<void> {
    this.contents.set(artifactKey(kind, digest), content);
  }

  async has(kind: ArtifactKind, digest: string): Promise<boolean> {
    return this.contents.has(artifactKey(kind, digest));
  }
}
