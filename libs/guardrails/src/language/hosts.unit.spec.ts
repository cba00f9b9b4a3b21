import { describe, expect, it } from '@jest/globals';
import { isIp, isLinkLocal, isLoopback, isPrivate } from './hosts.ts';

describe('hosts', () => {
  it.each([
    '127.0.0.1',
    '127.8.9.1',
    '0.0.0.0',
    '::1',
    '[::1]',
    '::',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'a.localhost',
    'LOCALHOST',
    'localhost.',
  ])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true));
  it.each(['128.0.0.1', 'localhost.example.com', 'mylocalhost', '::2', '1::', '127.0.0.1.example.com', '10.0.0.1'])(
    '%s is not this machine',
    (host) => expect(isLoopback(host)).toBe(false),
  );
  it.each([
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    'fd00::1',
    '[fc00::1]',
    '::ffff:a00:1',
  ])('%s is private', (host) => expect(isPrivate(host)).toBe(true));
  it.each(['172.32.0.1', '11.0.0.1', '8.8.8.8', '2001:db8::1', 'fd.example.com', 'pets.internal', '10.0.0.256'])(
    '%s is not private',
    (host) => expect(isPrivate(host)).toBe(false),
  );
  it('knows link-local addresses and addresses at all', () => {
    expect(['169.254.169.254', 'fe80::1', '[fe80::1]', '::ffff:169.254.169.254'].every(isLinkLocal)).toBe(true);
    expect(['169.255.0.1', 'fe.example.com', 'fec0::1'].some(isLinkLocal)).toBe(false);
    expect(['1.2.3.4', '::', '[2001:db8::1]'].every(isIp)).toBe(true);
    expect(['1.2.3', 'a.b', '1.2.3.4.5', '999.1.1.1', 'fade'].some(isIp)).toBe(false);
  });
});
