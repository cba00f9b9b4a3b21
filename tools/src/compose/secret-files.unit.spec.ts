import { describe, expect, it } from '@jest/globals';
import { platformServices } from '../launcher/layout.ts';
import { nothingGiven } from './given.ts';
import { secretFiles } from './secret-files.ts';
import { sampleSecrets, variablesOf } from './testing/sample-secrets.ts';

const filesWith = (given = {}, valkeyPassword: string | null = null) => {
  const files = secretFiles({ secrets: sampleSecrets, valkeyPassword, given: { ...nothingGiven, ...given } });
  return Object.fromEntries(files.map(({ name, content }) => [name, content]));
};

describe('secretFiles', () => {
  it('tells each service its own passwords and nobody else’s', () => {
    const files = filesWith();
    for (const name of platformServices) {
      const text = files[`${name}.env`]!;
      expect(text).toContain(sampleSecrets.databasePasswords[name]!);
      expect(text).toContain(sampleSecrets.natsPasswords[name]!);
      for (const other of platformServices.filter((one) => one !== name)) {
        expect(text).not.toContain(`-password-of-${other}'`);
        expect(text).not.toContain(`-password-of-${other}@`);
      }
      expect(text).not.toContain(sampleSecrets.postgresPassword);
    }
    expect(files['nats.conf']).toContain(sampleSecrets.natsPasswords['gitway-admin']!);
    expect(files['valkey.conf']).toBeUndefined();
  });

  it('names Valkey only where it runs, and only to services with jobs', () => {
    const files = filesWith({}, 'valkey-password');
    const knowing = platformServices.filter((name) => files[`${name}.env`]!.includes('REDIS_URL'));
    expect(knowing).toEqual(['deployer', 'analytics', 'notifier']);
    expect(files['valkey.conf']).toContain('requirepass valkey-password');
  });

  it('takes the servers that are given', () => {
    const files = filesWith({
      postgresAdminUrl: 'postgres://admin:secret@db.example.com:6432/postgres?sslmode=require',
      natsUrl: 'nats://some%40user:pass@nats.example.com:4222',
      redisUrl: 'rediss://:r@redis.example.com:6379',
      sources: '[{"name":"mine"}]',
    });
    expect(variablesOf(files['deployer.env']!)).toMatchObject({
      GITWAY_DATABASE_URL: `postgres://gitway_deployer:${sampleSecrets.databasePasswords['deployer']}@db.example.com:6432/gitway_deployer?sslmode=require`,
      GITWAY_NATS_URL: 'nats://nats.example.com:4222',
      GITWAY_NATS_USER: 'some@user',
      GITWAY_NATS_PASSWORD: 'pass',
      REDIS_URL: 'rediss://:r@redis.example.com:6379',
    });
    expect(variablesOf(files['git-watcher.env']!)['GITWAY_SOURCES']).toBe('[{"name":"mine"}]');
    expect(variablesOf(filesWith({ natsUrl: 'nats://nats.example.com:4222' })['console.env']!)).not.toHaveProperty(
      'GITWAY_NATS_PASSWORD',
    );
  });
});
