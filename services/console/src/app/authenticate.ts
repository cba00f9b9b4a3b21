import { createHash, timingSafeEqual } from 'node:crypto';
import type { Principal } from '../domain/access.ts';

export interface KnownToken extends Principal {
  /** Hex SHA-256 of the token: the token itself is kept nowhere. */
  readonly sha256: string;
}

/** Finds who a bearer token belongs to, in a time that tells nothing about the tokens that exist. */
export class Authenticate {
  private readonly known: readonly { readonly principal: Principal; readonly digest: Buffer }[];

  constructor(tokens: readonly KnownToken[]) {
    this.known = tokens.map(({ name, role, sha256 }) => ({
      principal: { name, role },
      digest: Buffer.from(sha256, 'hex'),
    }));
  }

  /** @param authorization the header as it came */
  principalOf(authorization: string | undefined): Principal | null {
    const token = /^Bearer +([^\s]{1,500})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    const digest = createHash('sha256').update(token).digest();
    let found: Principal | null = null;
    for (const each of this.known) if (timingSafeEqual(each.digest, digest)) found = each.principal;
    return found;
  }
}
