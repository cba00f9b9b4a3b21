import { randomUUID } from 'node:crypto';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { messageOf } from '@gitway/errors';
import { logger } from '@gitway/observability';
import { trace } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import { problemOf } from './problem.ts';

export type LogFailure = (error: unknown, message: string) => void;

/** Answers every error of an HTTP handler as `application/problem+json`; logs those that are this service's own fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log: LogFailure;

  constructor(log: LogFailure = (error, message) => logger('http').error({ err: error }, message)) {
    this.log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const instance = `urn:gitway:trace:${trace.getActiveSpan()?.spanContext().traceId ?? randomUUID().replaceAll('-', '')}`;
    const problem = problemOf(error, instance);
    if (problem.status >= 500) {
      const path = request.path.slice(0, 200);
      this.log(error, `${request.method} ${path} → ${problem.status}: ${messageOf(error)} (${instance})`);
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .status(problem.status)
      .set({ ...problem.headers, 'cache-control': 'no-store' })
      .type('application/problem+json')
      .send(JSON.stringify(problem.body));
  }
}
