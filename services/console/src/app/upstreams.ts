import type { Owner } from '@gitway/contracts';
import type { z } from 'zod';

export interface ForwardedResponse {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: Uint8Array;
}

/** The services behind the console, asked over HTTP with the internal token. */
export abstract class Upstreams {
  /** The services whose address is known. */
  abstract readonly names: readonly Owner[];

  /**
   * A read-only query.
   * @throws TransientError `service-away` that names the service; NotFoundError and InvalidInputError as it said;
   * InternalError `upstream-answer` where the answer is not what the contract says.
   */
  abstract get<T extends z.ZodType>(
    service: Owner,
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    schema: T,
  ): Promise<z.infer<T>>;

  /** Hands bytes over as they came, and the answer back as it is. Throws TransientError `service-away`. */
  abstract post(
    service: Owner,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<ForwardedResponse>;
}
