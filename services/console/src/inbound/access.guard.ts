import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  SetMetadata,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ForbiddenError } from '@gitway/errors';
import { Open, ProblemException } from '@gitway/http';
import type { Request } from 'express';
import { Authenticate } from '../app/authenticate.ts';
import { mayDo, type Permission, type Principal } from '../domain/access.ts';

const NEEDS = 'gitway:needs';
type WithPrincipal = Request & { principal?: Principal };

/** The permission that a route needs. A route of the console without one is open to nobody. */
export const Needs = (permission: Permission) => SetMetadata(NEEDS, permission);

@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticate: Authenticate,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<WithPrincipal>();
    const principal = this.authenticate.principalOf(request.headers.authorization);
    if (principal === null) {
      throw new ProblemException(
        401,
        'token-required',
        'Send a console token as "Authorization: Bearer <token>". The one sent is missing or not known.',
        { 'www-authenticate': 'Bearer realm="gitway"' },
      );
    }
    const needed = this.reflector.getAllAndOverride<Permission | undefined>(NEEDS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (needed === undefined || !mayDo(principal.role, needed)) {
      throw new ForbiddenError('role-not-sufficient', `${principal.name} is a ${principal.role} and may not do this.`);
    }
    request.principal = principal;
    return true;
  }
}

/** On every controller below `/api`: a bearer token instead of the internal token. */
export const ForPeople = () => applyDecorators(Open(), UseGuards(AccessGuard));

/** Parameter decorator: who asks. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<WithPrincipal>();
  if (principal === undefined) throw new TypeError('this route is not guarded');
  return principal;
});
