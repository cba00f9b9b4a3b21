import { randomUUID } from 'node:crypto';
import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { messageOf } from '@gitway/errors';
import { trace } from '@opentelemetry/api';
import type { Request, Response } from 'express';
import { problemOf } from './problem.ts';

/** Answers every error of an HTTP handler as `application/problem+json`; logs those that are this service's own fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const instance = `urn:gitway:trace:${trace.getActiveSpan()?.spanContext().traceId ?? randomUUID().replaceAll('-', '')}`;
    const problem = problemOf(error, instance);
    if (problem.status >= 500) {
      const stack = error instanceof Error ? error.stack : undefined;
      const path = request.path.slice(0, 200);
      this.logger.error(`${request.method} ${path} → ${problem.status}: ${messageOf(error)} (${instance})`, stack);
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
