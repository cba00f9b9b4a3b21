import { owners } from '@gitway/contracts';
import { ADMIN_USER } from '@gitway/messaging';
import type { Secrets } from '../../launcher/secrets.ts';

const perName = (kind: string) =>
  Object.fromEntries([ADMIN_USER, ...owners].map((name) => [name, `${kind}-password-of-${name}`]));

export const sampleSecrets: Secrets = {
  postgresPassword: 'postgres-password-sample',
  databasePasswords: perName('database'),
  natsPasswords: perName('nats'),
  internalToken: 'internal-token-sample-000',
  consoleToken: 'console-token-sample-0000',
  webhookSecret: 'webhook-secret-sample-000',
  gitToken: 'git-token-sample-00000000',
  notificationSecret: 'notification-secret-sample',
  demoKey: 'demo-key-sample-000000000',
};

/** What a shell that reads the file has then; the samples hold no quote. */
export function variablesOf(envFile: string): Record<string, string> {
  return Object.fromEntries(
    envFile
      .trimEnd()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 2, -1)]),
  );
}
