import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';

/** The 64-bit number that PostgreSQL knows a named lock by, as a decimal string. */
export function lockNumber(...key: string[]): string {
  return createHash('sha256').update(key.join('\0')).digest().readBigInt64BE(0).toString();
}

/**
 * Waits until no other transaction, in this replica or another, holds the lock of this key; holds it until the
 * present transaction ends. This is what keeps one order per environment.
 */
export async function lockInTransaction(manager: EntityManager, ...key: string[]): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1::bigint)', [lockNumber(...key)]);
}
