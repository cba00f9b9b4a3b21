import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { GitwayError, httpStatusOf, messageOf } from '@gitway/errors';
import type { ProblemDetails } from '@gitway/contracts';

export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemDetails;
}

/** For the answers that no GitwayError stands for, such as 401. `detail` says what to do. */
export class ProblemException extends HttpException {
  readonly slug: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, slug: string, detail: string, headers: Record<string, string> = {}) {
    super(detail, status);
    this.slug = slug;
    this.headers = headers;
  }
}

const urn = (slug: string) => `urn:gitway:problem:${slug}`;
const words = (slug: string) => slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ');

/**
 * RFC 9457 problem details of anything that was thrown. What is not meant for a caller (an internal error, anything
 * that is no GitwayError) becomes a 500 that tells nothing but `instance`, under which the log has the rest.
 */
export function problemOf(error: unknown, instance: string | undefined): Problem {
  const common = instance === undefined ? {} : { instance };
  if (error instanceof GitwayError && error.kind !== 'internal') {
    const status = httpStatusOf(error);
    return {
      status,
      headers: error.kind === 'transient' ? { 'retry-after': '1' } : {},
      body: {
        type: urn(error.slug),
        title: words(error.slug),
        status,
        detail: error.message,
        ...common,
        ...(error.fields.length > 0 && { errors: error.fields.map(({ field, message }) => ({ field, message })) }),
      },
    };
  }
  if (error instanceof ProblemException) {
    const status = error.getStatus();
    return {
      status,
      headers: error.headers,
      body: { type: urn(error.slug), title: words(error.slug), status, detail: error.message, ...common },
    };
  }
  const status = statusOfForeign(error);
  if (status !== null && status < 500) {
    const title = STATUS_CODES[status] ?? 'Refused';
    return {
      status,
      headers: {},
      body: { type: urn(slugOf(title)), title, status, detail: detailOf(error, status), ...common },
    };
  }
  const known = status === 503 ? 503 : 500;
  return {
    status: known,
    headers: {},
    body: {
      type: urn(known === 503 ? 'service-unavailable' : 'internal'),
      title: known === 503 ? 'Service unavailable' : 'Internal error',
      status: known,
      detail:
        instance === undefined
          ? 'Something failed here; the log of this service has it.'
          : `Something failed here; the log of this service has it under ${instance}.`,
      ...common,
    },
  };
}

/** Nest's own exceptions, and the errors of Express and its body parsers (`http-errors`: status, expose). */
function statusOfForeign(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('status' in error) || !('expose' in error)) return null;
  return typeof error.status === 'number' && error.status >= 400 && error.status < 600 ? error.status : null;
}

function detailOf(error: unknown, status: number): string {
  if (status === 413) return 'The request body is larger than this endpoint accepts.';
  if (error instanceof HttpException) return error.message;
  if (typeof error === 'object' && error !== null && 'type' in error && error.type === 'entity.parse.failed') {
    return 'The request body is not JSON.';
  }
  return messageOf(error);
}

const slugOf = (title: string) => title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
