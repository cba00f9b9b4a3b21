import { lookup } from 'node:dns/promises';
import { ForbiddenError, TransientError } from '@gitway/errors';
import ipaddr from 'ipaddr.js';
import { isPublicAddress } from '../domain/remote-url.ts';
import type { Source } from '../domain/source.ts';

/**
 * The addresses that git may connect to for a source, so that the name cannot lead elsewhere between this check and
 * the connection (DNS rebinding). Null where the source may reach any address.
 *
 * @throws ForbiddenError `private-address`, TransientError `host-unknown`.
 */
export async function pinnedAddresses(source: Source): Promise<readonly string[] | null> {
  const { host, transport } = source.remote;
  if (source.allowPrivate || transport === 'file') return null;
  if (ipaddr.isValid(host)) return null;
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new TransientError('host-unknown', `The name ${host} does not resolve; check the URL and the DNS.`, {
      cause: error,
    });
  }
  if (addresses.length === 0 || !addresses.every(isPublicAddress)) {
    throw new ForbiddenError(
      'private-address',
      `${host} leads to an address that is not public; a source has to allow that with "allowPrivate": true.`,
    );
  }
  return addresses;
}
