import { describe, expect, it } from '@jest/globals';
import { ADMIN_USER } from '@gitway/messaging';
import { owners } from '@gitway/contracts';
import { portNames } from './layout.ts';
import { processTable, type Surroundings } from './process-table.ts';
import { StateDirectory } from './state-directory.ts';

const secrets = {
  postgresPassword: 'secret-pg',
  databasePasswords: Object.fromEntries(owners.map((owner) => [owner, `secret-db-${owner}`])),
  natsPasswords: Object.fromEntries([ADMIN_USER, ...owners].map((owner) => [owner, `secret-nats-${owner}`])),
  internalToken: 'secret-internal',
  consoleToken: 'secret-console',
  webhookSecret: 'secret-webhook',
  gitToken: 'secret-git',
  notificationSecret: 'secret-notification',
  demoKey: 'secret-demo',
};
const state = Object.assign(Object.create(new StateDirectory('/srv/.gitway')) as StateDirectory, {
  gatewayDirectory: (gateway: string) => `/srv/.gitway/data/gateways/${gateway}`,
});
const around: Surroundings = {
  state,
  ports: Object.fromEntries(portNames.map((name, index) => [name, 17_100 + index])),
  secrets,
  postgresAdminUrl: 'postgres://gitway:secret-pg@127.0.0.1:17110/postgres',
  nats: {
    url: 'nats://127.0.0.1:17111',
    admin: { user: ADMIN_USER, password: 'secret-nats-admin' },
    userOf: (owner) => ({ user: owner, password: secrets.natsPasswords[owner] }),
  },
  haproxy: { server: 'haproxy', source: 'path', binary: '/usr/sbin/haproxy', version: '2.6.12', env: {} },
  servers: ['postgres', 'nats'],
  example: true,
  extraEnv: { GITWAY_LOG_LEVEL: 'warn' },
};

describe('process table', () => {
  const table = processTable(around);

  it('has every process once, on a port of its own', () => {
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    const probes = table.map(({ ready }) => JSON.stringify(ready));
    expect(new Set(probes).size).toBe(probes.length);
    for (const service of owners.filter((owner) => owner !== 'gateway-agent')) {
      expect(table.map(({ name }) => name)).toContain(service);
    }
  });

  it('puts no secret on a command line, where every user of the machine could read it', () => {
    for (const { command, args } of table) expect([command, ...args].join(' ')).not.toContain('secret-');
  });

  it('gives each service its own database role and NATS user and no other', () => {
    for (const { name, env, args } of table.filter(({ env: { GITWAY_NATS_USER: user } }) => user !== undefined)) {
      const own = env['GITWAY_NATS_USER']!;
      expect(args.at(-1)).toContain(`/services/${own}/`);
      const passwords =
        Object.values(env)
          .join(' ')
          .match(/secret-(db|nats)-[a-z-]+/g) ?? [];
      expect(passwords.every((password) => password.endsWith(`-${own}`))).toBe(true);
      expect(Object.values(env).join(' ')).not.toContain('secret-pg');
      expect({ name, level: env['GITWAY_LOG_LEVEL'] }).toEqual({ name, level: 'warn' });
    }
  });

  it('leaves the example out when it is not wanted', () => {
    const names = processTable({ ...around, example: false }).map(({ name }) => name);
    expect(names).not.toContain('git');
    expect(names).not.toContain('upstream-content');
    expect(names).toContain('git-watcher');
  });
});
