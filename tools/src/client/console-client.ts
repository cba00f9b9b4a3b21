import {
  commandAcceptedSchema,
  environmentViewSchema,
  incidentViewSchema,
  listOf,
  statusViewSchema,
  type CommandAccepted,
  type EnvironmentView,
  type IncidentView,
  type StatusView,
} from '@gitway/contracts';
import { ForbiddenError, InvalidInputError, TransientError } from '@gitway/errors';
import type { z } from 'zod';

const REQUEST_TIMEOUT_MS = 10_000;

/** The console's HTTP interface, as the launcher, the demo, benchmarks and end-to-end tests use it. */
export class ConsoleClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  status(): Promise<StatusView> {
    return this.get('/api/status', statusViewSchema);
  }

  async environments(): Promise<EnvironmentView[]> {
    return (await this.get('/api/environments', listOf(environmentViewSchema))).items;
  }

  async incidents(): Promise<IncidentView[]> {
    return (await this.get('/api/incidents', listOf(incidentViewSchema))).items;
  }

  rollback(environment: string, reason: string, commit?: string): Promise<CommandAccepted> {
    const body = commit === undefined ? { reason } : { reason, commit };
    return this.post(`/api/environments/${encodeURIComponent(environment)}/rollback`, body, commandAcceptedSchema);
  }

  deploy(environment: string, commit: string, reason: string): Promise<CommandAccepted> {
    const path = `/api/environments/${encodeURIComponent(environment)}/deploy`;
    return this.post(path, { commit, reason }, commandAcceptedSchema);
  }

  get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.request(path, { headers: this.headers }, schema);
  }

  post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const headers = { ...this.headers, 'content-type': 'application/json' };
    return this.request(path, { method: 'POST', headers, body: JSON.stringify(body) }, schema);
  }

  private async request<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
    const what = `${init.method ?? 'GET'} ${path}`;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.url}${path}`, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      text = await response.text();
    } catch (cause) {
      throw new TransientError('console-away', `${what}: the console does not answer at ${this.url}`, { cause });
    }
    if (response.ok) return schema.parse(JSON.parse(text));
    const message = `${what}: ${response.status} ${text.slice(0, 500)}`;
    if (response.status === 401 || response.status === 403) throw new ForbiddenError('console-refused', message);
    if (response.status < 500) throw new InvalidInputError('console-refused', message);
    throw new TransientError('console-failed', message);
  }
}
