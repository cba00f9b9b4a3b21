/**
 * The artifact store: immutable bytes under a key that is made from their digest, verified whenever they are read.
 * What fits in a NATS message lies in the key-value bucket, larger things in the owner's object-store bucket.
 */
export const ARTIFACTS_BUCKET = 'artifacts';

/** Above this many bytes an artifact goes to the object store (NATS' default message limit is 1 MiB). */
export const ARTIFACT_INLINE_LIMIT_BYTES = 900_000;

/**
 * Kinds of artifact and who writes them. `blob` keys are Git object ids, all others SHA-256 digests: of
 * `compiled`, which is what a stage of the compiler gave, the digest of what it was given.
 */
export const artifactOwners = {
  blob: 'git-watcher',
  tree: 'git-watcher',
  unit: 'validator',
  snapshot: 'validator',
  report: 'validator',
  plan: 'validator',
  compiled: 'validator',
} as const;

export type ArtifactKind = keyof typeof artifactOwners;

/** `<kind>.<digest>`, the key of an artifact in its bucket. */
export const artifactKey = (kind: ArtifactKind, digest: string) => `${kind}.${digest}`;

/** The object-store bucket that holds the large artifacts of one owner. */
export const largeArtifactsBucket = (owner: string) => `large-${owner}`;
