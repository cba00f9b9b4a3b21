import { createHash, timingSafeEqual } from 'node:crypto';
import { SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { INTERNAL_TOKEN_HEADER } from '@gitway/contracts';
import type { Request } from 'express';
import { ProblemException } from './problem.ts';

const OPEN = 'gitway:open';

/** On a controller or handler that needs no internal token: health, webhooks, and the console's own surface. */
export const Open = () => SetMetadata(OPEN, true);

/** Compares in a time that depends on neither the content nor the length of the secret. */
export function secretsEqual(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/**
 * Lets only the console in: header `gitway-internal-token`, or `Authorization: Bearer` for scrapers of `/metrics`.
 * Everything is closed but what is marked `@Open()`. Handlers of facts are not HTTP and pass.
 */
export class InternalTokenGuard implements CanActivate {
  private readonly token: string;
  private readonly reflector: Reflector;

  constructor(token: string, reflector: Reflector) {
    if (token === '') throw new TypeError('the internal token is empty');
    this.token = token;
    this.reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const open = this.reflector.getAllAndOverride<boolean | undefined>(OPEN, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (open) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const header =
      request.header(INTERNAL_TOKEN_HEADER) ?? /^Bearer +(\S+)$/i.exec(request.header('authorization') ?? '')?.[1];
    if (header !== undefined && secretsEqual(header, this.token)) return true;
    throw new ProblemException(
      401,
      'internal-token-required',
      `This service answers the Gitway console only: send its internal token in ${INTERNAL_TOKEN_HEADER}.`,
      { 'www-authenticate': 'Bearer' },
    );
  }
}
