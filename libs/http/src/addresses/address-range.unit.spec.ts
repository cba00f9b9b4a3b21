import { describe, expect, it } from '@jest/globals';
import { isPrivateAddress, isPublicAddress } from './address-range.ts';

describe('an address', () => {
  it.each(['93.184.216.34', '2606:4700::1111'])('%s is public', (address) => {
    expect([isPublicAddress(address), isPrivateAddress(address)]).toEqual([true, false]);
  });

  it.each(['127.0.0.1', '10.1.2.3', '192.168.0.1', '100.64.0.1', '::1', 'fd00::1', '::ffff:10.0.0.1'])(
    '%s is private',
    (address) => {
      expect([isPublicAddress(address), isPrivateAddress(address)]).toEqual([false, true]);
    },
  );

  it.each([
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    '224.0.0.1',
    '64:ff9b::a9fe:a9fe',
    'no address',
    '',
  ])('%s is neither', (address) => {
    expect([isPublicAddress(address), isPrivateAddress(address)]).toEqual([false, false]);
  });
});
