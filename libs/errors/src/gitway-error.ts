/**
 * What an error means to whoever meets it. Mapped once to an HTTP status, an ack/nak/term and an exit code.
 *
 * - `invalid-input`: the caller's data is wrong and will be wrong next time.
 * - `not-found`, `conflict`, `forbidden`: the request is well formed and cannot be granted.
 * - `transient`: the same may succeed later (a peer is away, a time-out, a lock).
 * - `internal`: a fault of this program or its data.
 */
export const errorKinds = ['invalid-input', 'not-found', 'conflict', 'forbidden', 'transient', 'internal'] as const;
export type ErrorKind = (typeof errorKinds)[number];

export interface FieldError {
  /** Path into the input, `spec.limit` or `GITWAY_HTTP_PORT`; empty for the input as a whole. */
  readonly field: string;
  readonly message: string;
}

export interface GitwayErrorOptions {
  readonly cause?: unknown;
  readonly fields?: readonly FieldError[];
}

/** An error with a stable slug (kebab-case, safe to match on) and a message that says what to do. */
export class GitwayError extends Error {
  readonly kind: ErrorKind;
  readonly slug: string;
  readonly fields: readonly FieldError[];

  constructor(kind: ErrorKind, slug: string, message: string, options: GitwayErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.kind = kind;
    this.slug = slug;
    this.fields = options.fields ?? [];
  }
}

export class InvalidInputError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('invalid-input', slug, message, options);
  }
}

export class NotFoundError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('not-found', slug, message, options);
  }
}

export class ConflictError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('conflict', slug, message, options);
  }
}

export class ForbiddenError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('forbidden', slug, message, options);
  }
}

export class TransientError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('transient', slug, message, options);
  }
}

export class InternalError extends GitwayError {
  constructor(slug: string, message: string, options?: GitwayErrorOptions) {
    super('internal', slug, message, options);
  }
}
