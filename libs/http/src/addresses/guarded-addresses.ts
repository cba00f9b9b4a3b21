import { lookup } from 'node:dns/promises';
import { ForbiddenError, TransientError } from '@gitway/errors';

/**
 * The addresses that may be connected to for a host, a name or an address itself. Who connects to these and to nothing
 * else is not led elsewhere between this check and the connection (DNS rebinding).
 *
 * @param accepts an address; every one of a name has to be accepted
 * @param remedy how it can be allowed, as a clause
 * @throws ForbiddenError `private-address`, TransientError `host-unknown`
 */
export async function guardedAddresses(
  host: string,
  accepts: (address: string) => boolean,
  remedy: string,
): Promise<readonly string[]> {
  let addresses: string[];
  try {
    addresses = (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw new TransientError('host-unknown', `The name ${host} does not resolve; check the URL and the DNS.`, {
      cause: error,
    });
  }
  if (addresses.length === 0 || !addresses.every(accepts))
    throw new ForbiddenError('private-address', `${host} leads to an address that is not public; ${remedy}.`);
  return addresses;
}
