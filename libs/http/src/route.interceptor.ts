import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import type { Request } from 'express';
import type { Observable } from 'rxjs';

/** Names the server's span after the route (`GET /incidents/:id`) and not after the address, which has no bound. */
export class RouteInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const request = context.switchToHttp().getRequest<Request>();
      const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
      const span = trace.getActiveSpan();
      if (span !== undefined && typeof route === 'string') {
        span.setAttribute('http.route', route).updateName(`${request.method} ${route}`);
      }
    }
    return next.handle();
  }
}
