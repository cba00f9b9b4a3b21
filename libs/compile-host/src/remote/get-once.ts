import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { guardedAddresses, isPrivateAddress, isPublicAddress } from '@gitway/http/addresses';
import type { AllowedHost } from './allowed-host.ts';

const remedy = 'whoever runs Gitway has to allow it with its port';

/** Asks once, at an address that was judged before; follows nothing. No credentials are sent, and no cookies kept. */
export async function getOnce(url: URL, allowed: AllowedHost, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const accepts = (address: string) => isPublicAddress(address) || (allowed.mayBePrivate && isPrivateAddress(address));
  const addresses = await Promise.race([guardedAddresses(host, accepts, remedy), abortOf(signal)]);
  return new Promise((resolve, reject) => {
    const request = (allowed.scheme === 'https' ? requestHttps : requestHttp)(url, {
      agent: false,
      signal,
      lookup: only(addresses),
      maxHeaderSize: 16_384,
      headers: {
        accept: 'application/yaml, application/json, text/yaml, text/plain;q=0.9, */*;q=0.1',
        'accept-encoding': 'identity',
        'user-agent': 'gitway',
      },
    });
    // A connection may end with no answer and no error: one that is switched to another protocol, for example.
    const ended = () => reject(Object.assign(new Error('no answer'), { code: 'ECONNRESET' }));
    request.once('response', resolve).on('error', reject).once('close', ended).end();
  });
}

/** Name servers that do not answer are waited for no longer than the rest. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(new Error('aborted'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Names lead to the addresses that were judged, whatever the name servers say by now. */
function only(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_, { all }, callback) => {
    if (all === true) callback(null, found);
    else callback(null, found[0]!.address, found[0]!.family);
  };
}
