import ipaddr from 'ipaddr.js';

/** Ranges of a private network, or of this machine: where a service of one's own may stand. */
const privateRanges = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Whether anybody on the internet can reach this IP address. */
export const isPublicAddress = (address: string): boolean => rangeOf(address) === 'unicast';

/**
 * Whether it belongs to a private network or to this machine. Link-local addresses, where clouds have their metadata
 * services, are neither public nor private.
 */
export const isPrivateAddress = (address: string): boolean => privateRanges.has(rangeOf(address) ?? '');

const rangeOf = (address: string): string | undefined =>
  ipaddr.isValid(address) ? ipaddr.process(address).range() : undefined;
