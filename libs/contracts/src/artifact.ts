import { z } from 'zod';

/**
 * The artifact store: immutable bytes under a key that is made from their digest, verified whenever they are read.
 * What fits in a NATS message lies in the key-value bucket, larger things in the owner's object-store bucket.
 */
export const ARTIFACTS_BUCKET = 'artifacts';

/**
 * What stages of the compiler gave. It can be made again at any time, so it has a bucket of its own, in which what was
 * not used for the longest time goes first: at this age, or earlier when there is more than this.
 */
export const COMPILED_BUCKET = 'compiled';
export const COMPILED_MAX_AGE_MS = 14 * 24 * 60 * 60 * 1_000;
export const COMPILED_MAX_BYTES = 512 * 1024 ** 2;

/** Above this many bytes an artifact goes to the object store (NATS' default message limit is 1 MiB). */
export const ARTIFACT_INLINE_LIMIT_BYTES = 900_000;

/**
 * Kinds of artifact and who writes them. `blob` keys are Git object ids, all others SHA-256 digests: of
 * `compiled`, which is what a stage of the compiler gave, the digest of what it was given. `remote-file` is what another
 * server answered once ({@link remoteFileSchema}).
 */
export const artifactOwners = {
  blob: 'git-watcher',
  tree: 'git-watcher',
  unit: 'validator',
  snapshot: 'validator',
  report: 'validator',
  plan: 'validator',
  compiled: 'validator',
  'remote-file': 'validator',
} as const;

/** A file of another server that a document refers to. */
export const remoteFileSchema = z.object({ url: z.string(), base64: z.string() });

export type ArtifactKind = keyof typeof artifactOwners;

/** The key-value bucket that holds a kind. */
export const artifactBucket = (kind: ArtifactKind) => (kind === 'compiled' ? COMPILED_BUCKET : ARTIFACTS_BUCKET);

/** `<kind>.<digest>`, the key of an artifact in its bucket. */
export const artifactKey = (kind: ArtifactKind, digest: string) => `${kind}.${digest}`;

/** The object-store bucket that holds the large artifacts of one owner. */
export const largeArtifactsBucket = (owner: string) => `large-${owner}`;
