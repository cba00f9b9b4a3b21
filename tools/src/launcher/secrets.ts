import { randomBytes } from 'node:crypto';
import { owners } from '@gitway/contracts';
import { ADMIN_USER } from '@gitway/messaging';
import { z } from 'zod';
import { readJsonFile, writeFileWhole, writeJsonFile, type StateDirectory } from './state-directory.ts';

const secretsSchema = z.object({
  postgresPassword: z.string(),
  /** Per service, its role in PostgreSQL. */
  databasePasswords: z.record(z.string(), z.string()),
  /** Per service, its user in NATS; and the administrator, who creates streams and buckets. */
  natsPasswords: z.record(z.string(), z.string()),
  /** What the console shows to the services. */
  internalToken: z.string(),
  /** What a person (or the CLI) shows to the console. */
  consoleToken: z.string(),
  webhookSecret: z.string(),
  gitToken: z.string(),
  notificationSecret: z.string(),
  /** The API key of the example's consumer. */
  demoKey: z.string(),
});
export type Secrets = z.infer<typeof secretsSchema>;

/** Those of the first start, generated there and kept with mode 600. A secret that a newer version needs is added. */
export function loadSecrets(state: StateDirectory): { secrets: Secrets; created: boolean } {
  const known = readJsonFile<Partial<Secrets>>(state.secrets);
  const secrets = secretsSchema.parse({
    ...generate(),
    ...known,
    natsPasswords: { ...generatePasswords([ADMIN_USER, ...owners]), ...known?.natsPasswords },
    databasePasswords: { ...generatePasswords(owners), ...known?.databasePasswords },
  });
  if (JSON.stringify(secrets) !== JSON.stringify(known)) {
    writeJsonFile(state.secrets, secrets, 0o600);
    writeFileWhole(state.demoKey, `${secrets.demoKey}\n`, 0o600);
  }
  return { secrets, created: known === null };
}

function generate(): Omit<Secrets, 'natsPasswords' | 'databasePasswords'> {
  return {
    postgresPassword: token(),
    internalToken: token(),
    consoleToken: token(),
    webhookSecret: token(),
    gitToken: token(),
    notificationSecret: token(),
    demoKey: `demo-${token()}`,
  };
}

function generatePasswords(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, token()]));
}

/** 192 bits that need no escaping in a URL, a shell or a configuration file. */
function token(): string {
  return randomBytes(24).toString('base64url').replaceAll('-', 'A').replaceAll('_', 'B');
}
