import { describe, expect, it } from '@jest/globals';
import { searchOrder } from './search-order.ts';

describe('searchOrder', () => {
  it.each([
    ['a container of Debian', { apt: true, root: true, homebrew: false }, 'apt-unpack apt-install'],
    ['a desktop of Ubuntu', { apt: true, root: false, homebrew: false }, 'apt-unpack'],
    ['a Mac', { apt: false, root: false, homebrew: true }, 'homebrew'],
    ['another Linux', { apt: false, root: true, homebrew: false }, ''],
  ])('on %s', (_title, platform, rest) => {
    expect(searchOrder('nats', platform).join(' ')).toBe(`given path ${rest}`.trim());
  });

  it('looks into npm packages for Postgres alone, before anything is installed', () => {
    const debian = { apt: true, root: true, homebrew: false };
    expect(searchOrder('postgres', debian)).toEqual(['given', 'path', 'npm', 'apt-unpack', 'apt-install']);
    for (const server of ['nats', 'haproxy', 'redis'] as const)
      expect(searchOrder(server, debian)).not.toContain('npm');
  });
});
