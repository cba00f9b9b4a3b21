import { isIP } from 'node:net';

/** Whether a target is an address, with or without the brackets of IPv6. */
export const isAddress = (host: string) => isIP(host.replace(/^\[|\]$/g, '')) !== 0;
