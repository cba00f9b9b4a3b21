import { INTERNAL_TOKEN_HEADER, problemDetailsSchema, type Owner } from '@gitway/contracts';
import {
  ConflictError,
  GitwayError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  TransientError,
  messageOf,
} from '@gitway/errors';
import { currentTraceparent } from '@gitway/observability';
import type { z } from 'zod';
import { Upstreams, type ForwardedResponse } from '../app/upstreams.ts';

export interface HttpUpstreamsOptions {
  readonly urls: Readonly<Partial<Record<Owner, string>>>;
  readonly internalToken: string;
  readonly timeoutMs: number;
  /** Largest answer that is read. */
  readonly maxBytes?: number;
}

export class HttpUpstreams extends Upstreams {
  readonly names: readonly Owner[];
  private readonly options: HttpUpstreamsOptions;

  constructor(options: HttpUpstreamsOptions) {
    super();
    this.options = options;
    this.names = Object.keys(options.urls) as Owner[];
  }

  async get<T extends z.ZodType>(
    service: Owner,
    path: string,
    query: Readonly<Record<string, string | number | undefined>>,
    schema: T,
  ): Promise<z.infer<T>> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    const suffix = search.size === 0 ? '' : `?${search.toString()}`;
    const answer = await this.send(service, path + suffix, { method: 'GET', headers: { accept: 'application/json' } });
    const text = new TextDecoder().decode(answer.body);
    const ready = path.startsWith('/health/') && answer.status === 503;
    if (answer.status !== 200 && !ready) throw refusal(service, path, answer.status, text);
    const parsed = schema.safeParse(jsonOf(service, path, text));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    throw new InternalError(
      'upstream-answer',
      `${service} answered GET ${path} with something else than the contract says: ${issue.path.join('.')}: ${issue.message}`,
    );
  }

  async post(
    service: Owner,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Uint8Array,
  ): Promise<ForwardedResponse> {
    return this.send(service, path, { method: 'POST', headers, body: new Blob([body]) });
  }

  private async send(service: Owner, path: string, init: RequestInit): Promise<ForwardedResponse> {
    const base = this.options.urls[service];
    if (base === undefined) {
      throw new TransientError(
        'service-away',
        `The address of ${service} is not known here: name it in GITWAY_SERVICE_URLS.`,
      );
    }
    const traceparent = currentTraceparent();
    try {
      const response = await fetch(base + path, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          [INTERNAL_TOKEN_HEADER]: this.options.internalToken,
          ...(traceparent !== null && { traceparent }),
        },
        redirect: 'error',
        signal: AbortSignal.timeout(this.options.timeoutMs),
      });
      return {
        status: response.status,
        contentType: response.headers.get('content-type'),
        body: await readBounded(response, this.options.maxBytes ?? 8_000_000, service),
      };
    } catch (error) {
      if (error instanceof GitwayError) throw error;
      const late = typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError';
      const why = late ? `no answer within ${this.options.timeoutMs} ms` : messageOf(causeOf(error));
      throw new TransientError('service-away', `The ${service} does not answer (${why}). Look at its log; try again.`, {
        cause: error,
      });
    }
  }
}

/** What `fetch failed` hides. */
const causeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'cause' in error && error.cause !== undefined ? error.cause : error;

async function readBounded(response: Response, maxBytes: number, service: Owner): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new InternalError('upstream-answer', `${service} answered more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function jsonOf(service: Owner, path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InternalError('upstream-answer', `${service} answered GET ${path} with something that is not JSON`, {
      cause,
    });
  }
}

/** What a service refused a person may hear; what is wrong between the services (its 401, its 500) they may not. */
function refusal(service: Owner, path: string, status: number, text: string): GitwayError {
  let said: { slug: string; detail: string } | null = null;
  try {
    const problem = problemDetailsSchema.safeParse(JSON.parse(text));
    if (problem.success) {
      said = {
        slug: problem.data.type.replace('urn:gitway:problem:', ''),
        detail: problem.data.detail ?? problem.data.title,
      };
    }
  } catch {
    said = null;
  }
  if (status === 404)
    return new NotFoundError(said?.slug ?? 'not-found', said?.detail ?? `${service} does not have this.`);
  if (status === 400)
    return new InvalidInputError(said?.slug ?? 'invalid-input', said?.detail ?? `${service} refused this.`);
  if (status === 409) return new ConflictError(said?.slug ?? 'conflict', said?.detail ?? `${service} refused this.`);
  if (status === 503)
    return new TransientError('service-away', `The ${service} cannot answer now: ${said?.detail ?? 'unavailable'}`);
  return new InternalError('upstream-answer', `${service} answered GET ${path} with ${status} ${said?.slug ?? ''}`);
}
