import { guardedAddresses, isPublicAddress } from '@gitway/http/addresses';
import ipaddr from 'ipaddr.js';
import type { Source } from '../domain/source.ts';

/**
 * The addresses that git may connect to for a source. Null where the source may reach any address.
 *
 * @throws ForbiddenError `private-address`, TransientError `host-unknown`.
 */
export async function pinnedAddresses(source: Source): Promise<readonly string[] | null> {
  const { host, transport } = source.remote;
  if (source.allowPrivate || transport === 'file') return null;
  // What is written as an address was judged when the source was read.
  if (ipaddr.isValid(host)) return null;
  return guardedAddresses(host, isPublicAddress, 'a source has to allow that with "allowPrivate": true');
}
