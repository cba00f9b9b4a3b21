import { describe, expect, it } from '@jest/globals';
import { serverNames } from '../server.ts';
import { installAdvice } from './advice.ts';

describe('installAdvice', () => {
  it.each([
    ['debian', false, 'nats', 'sudo apt-get install -y nats-server'],
    ['debian', false, 'redis', 'sudo apt-get install -y redis-server'],
    ['fedora', false, 'postgres', 'sudo dnf install -y postgresql-server'],
    ['alpine', false, 'haproxy', 'sudo apk add haproxy'],
    ['arch', false, 'nats', 'sudo pacman -S --noconfirm nats-server'],
    ['suse', false, 'postgres', 'sudo zypper install -y postgresql-server'],
    ['macos', false, 'postgres', 'brew install postgresql@17'],
  ] as const)('on %s (root: %s) gives the command for %s', (family, root, server, command) => {
    expect(installAdvice(server, { family, root }).split('\n')[0]).toMatch(
      new RegExp(` or newer is needed and was not found\\. Install it: ${command}$`),
    );
  });

  it('leaves sudo away for root', () => {
    expect(installAdvice('haproxy', { family: 'debian', root: true })).toBe(
      'HAProxy 2.4 or newer is needed and was not found. Install it: apt-get install -y haproxy\n' +
        'Or name its program in GITWAY_HAPROXY_BIN.',
    );
  });

  it('names the place to download from where no command is known', () => {
    expect(installAdvice('nats', { family: 'fedora', root: true })).toContain(
      'github.com/nats-io/nats-server/releases',
    );
    expect(installAdvice('postgres', { family: 'other', root: false })).toContain(
      'https://www.postgresql.org/download/',
    );
  });

  it('always names the variable that does instead', () => {
    const variables = serverNames.map(
      (server) => /in ([A-Z_]+)\.$/.exec(installAdvice(server, { family: 'arch', root: false }))?.[1],
    );
    expect(variables).toEqual(['POSTGRES_URL', 'NATS_URL', 'GITWAY_HAPROXY_BIN', 'REDIS_URL']);
  });
});
