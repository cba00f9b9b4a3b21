import { problemDetailsSchema } from '@gitway/contracts';
import {
  ConflictError,
  ForbiddenError,
  GitwayError,
  InternalError,
  InvalidInputError,
  NotFoundError,
  TransientError,
  messageOf,
} from '@gitway/errors';
import type { z } from 'zod';
import type { Connection } from './connection.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The console over HTTP: answers are checked by their schema, refusals become errors with words and an exit code. */
export class ConsoleClient {
  readonly connection: Connection;
  private readonly timeoutMs: number;
  private readonly interrupted: AbortSignal;

  constructor(connection: Connection, timeoutMs: number, interrupted: AbortSignal) {
    this.connection = connection;
    this.timeoutMs = timeoutMs;
    this.interrupted = interrupted;
  }

  get<T extends z.ZodType>(path: string, schema: T, query: Query = {}): Promise<z.infer<T>> {
    return this.send(path, schema, query, { method: 'GET' });
  }

  post<T extends z.ZodType>(path: string, schema: T, body: unknown): Promise<z.infer<T>> {
    return this.send(path, schema, {}, { method: 'POST', body: JSON.stringify(body) });
  }

  /** An open stream of server-sent events. */
  async open(path: string, query: Query): Promise<Response> {
    const response = await this.fetch(path, query, { headers: { accept: 'text/event-stream' } }, this.interrupted);
    if (response.status !== 200) throw refusal(response.status, await response.text(), this.connection.url);
    return response;
  }

  private async send<T extends z.ZodType>(
    path: string,
    schema: T,
    query: Query,
    init: RequestInit,
  ): Promise<z.infer<T>> {
    const deadline = AbortSignal.any([AbortSignal.timeout(this.timeoutMs), this.interrupted]);
    const response = await this.fetch(path, query, init, deadline);
    const text = await response.text();
    if (!response.ok) throw refusal(response.status, text, this.connection.url);
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new InternalError('no-console', `${this.connection.url} does not answer as a Gitway console does.`);
    }
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0]!;
    throw new InternalError(
      'other-version',
      `The console answered something that this version does not understand (${issue.path.join('.')}: ${issue.message}).`,
    );
  }

  private async fetch(path: string, query: Query, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const { url, token } = this.connection;
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
    try {
      return await fetch(`${url}${path}${search.size === 0 ? '' : `?${search.toString()}`}`, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization: `Bearer ${token}`,
          ...(init.body !== undefined && { 'content-type': 'application/json' }),
        },
        redirect: 'error',
        signal,
      });
    } catch (error) {
      if (error instanceof GitwayError) throw error;
      const fault = error as { name?: string; cause?: unknown };
      if (fault.name === 'TimeoutError') {
        throw new TransientError('timeout', `${url} did not answer within ${this.timeoutMs / 1000} s. Try again.`);
      }
      throw new TransientError(
        'not-reachable',
        `${url} cannot be reached (${messageOf(fault.cause ?? error)}). Is the platform running? Start it with \`npm start\`.`,
      );
    }
  }
}

function refusal(status: number, text: string, url: string): GitwayError {
  let problem: z.infer<typeof problemDetailsSchema> | null = null;
  try {
    problem = problemDetailsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    problem = null;
  }
  const slug = problem?.type.replace('urn:gitway:problem:', '') ?? 'refused';
  const detail = problem?.detail ?? problem?.title ?? `${url} answered ${status}.`;
  const options = { fields: problem?.errors ?? [] };
  switch (status) {
    case 400:
      return new InvalidInputError(slug, detail, options);
    case 401:
      return new ForbiddenError(
        'wrong-token',
        `${url} does not know this token. Check --token, GITWAY_TOKEN or .gitway/cli.json.`,
      );
    case 403:
      return new ForbiddenError(slug, detail);
    case 404:
      return new NotFoundError(slug, detail);
    case 409:
      return new ConflictError(slug, detail);
    case 429:
    case 502:
    case 503:
    case 504:
      return new TransientError(slug, detail);
    default:
      return new InternalError(slug, detail);
  }
}
