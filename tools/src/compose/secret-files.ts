import { owners } from '@gitway/contracts';
import { ADMIN_USER, natsServerConfig, type NatsPasswords } from '@gitway/messaging';
import { serviceDatabaseUrl } from '../launcher/databases.ts';
import { EXAMPLE_REPOSITORY, platformServices, type PlatformService } from '../launcher/layout.ts';
import { serviceDatabase } from '../launcher/process-table.ts';
import type { Secrets } from '../launcher/secrets.ts';
import type { Given } from './given.ts';
import { addresses, type ContainerUser } from './layout.ts';

/** A file that one container reads. */
export interface SecretFile {
  readonly name: string;
  readonly user: ContainerUser;
  readonly content: string;
}

export interface SecretFilesInput {
  readonly secrets: Secrets;
  /** Null when the Valkey of the compose file does not run. */
  readonly valkeyPassword: string | null;
  readonly given: Given;
}

const USING_JOBS: readonly PlatformService[] = ['deployer', 'analytics', 'notifier'];

/** Everything that containers are told in confidence; what is no secret stands in docker-compose.yml. */
export function secretFiles(input: SecretFilesInput): SecretFile[] {
  const { secrets, valkeyPassword, given } = input;
  const postgresAdminUrl =
    given.postgresAdminUrl ?? `postgres://gitway:${secrets.postgresPassword}@${addresses.postgresHost}:5432/postgres`;
  const nats = natsAccess(secrets, given);
  const redisUrl =
    given.redisUrl ??
    (valkeyPassword === null ? null : `redis://:${valkeyPassword}@${addresses.valkeyHost}:${addresses.valkeyPort}`);
  const own = ownVariables(input);
  const passwords = Object.fromEntries(
    [ADMIN_USER, ...owners].map((name) => [name, secrets.natsPasswords[name]!]),
  ) as NatsPasswords;

  return [
    ...platformServices.map((name) =>
      envFile(name, {
        GITWAY_INTERNAL_TOKEN: secrets.internalToken,
        ...nats(name),
        GITWAY_DATABASE_URL: serviceDatabaseUrl(postgresAdminUrl, serviceDatabase(name, secrets)),
        ...(redisUrl !== null && USING_JOBS.includes(name) ? { REDIS_URL: redisUrl } : {}),
        ...own[name],
      }),
    ),
    envFile('gateway-agent', { GITWAY_INTERNAL_TOKEN: secrets.internalToken, ...nats('gateway-agent') }),
    envFile('provision', {
      POSTGRES_ADMIN_URL: postgresAdminUrl,
      DATABASE_PASSWORDS: JSON.stringify(
        Object.fromEntries(platformServices.map((name) => [name, secrets.databasePasswords[name]])),
      ),
      ...nats(ADMIN_USER),
    }),
    envFile('git', { EXAMPLE_GIT_TOKEN: secrets.gitToken, EXAMPLE_WEBHOOK_SECRET: secrets.webhookSecret }),
    envFile('first-push', {
      GIT_TOKEN: secrets.gitToken,
      CONSOLE_TOKEN: secrets.consoleToken,
      DEMO_KEY: secrets.demoKey,
    }),
    envFile('notifications', { NOTIFICATIONS_SECRET: secrets.notificationSecret }),
    { name: 'postgres-password', user: 'postgres', content: secrets.postgresPassword },
    {
      name: 'nats.conf',
      user: 'nats',
      content: natsServerConfig({
        host: '0.0.0.0',
        port: addresses.natsPort,
        storeDir: '/var/lib/nats',
        passwords,
      }),
    },
    ...(valkeyPassword === null
      ? []
      : [{ name: 'valkey.conf', user: 'valkey' as const, content: valkeyConfig(valkeyPassword) }]),
  ];
}

function ownVariables({ secrets, given }: SecretFilesInput): Record<PlatformService, Record<string, string>> {
  const exampleSource = {
    name: EXAMPLE_REPOSITORY,
    url: addresses.repository,
    branches: ['main'],
    token: secrets.gitToken,
    webhookSecret: secrets.webhookSecret,
    pollInterval: '5s',
    allowPrivate: true,
  };
  const exampleChannel = {
    name: 'local',
    type: 'webhook',
    url: addresses.notifications,
    secret: secrets.notificationSecret,
  };
  return {
    'git-watcher': { GITWAY_SOURCES: given.sources ?? JSON.stringify([exampleSource]) },
    validator: {},
    deployer: {},
    analytics: {},
    notifier: { GITWAY_CHANNELS: given.channels ?? JSON.stringify([exampleChannel]) },
    console: {
      GITWAY_CONSOLE_TOKENS: JSON.stringify([{ name: 'local', role: 'operator', token: secrets.consoleToken }]),
    },
  };
}

/** Somebody else's server: every service uses the user that its URL names. */
function natsAccess({ natsPasswords }: Secrets, { natsUrl }: Given): (user: string) => Record<string, string> {
  if (natsUrl === null) {
    return (user) => ({
      GITWAY_NATS_URL: addresses.natsUrl,
      GITWAY_NATS_USER: user,
      GITWAY_NATS_PASSWORD: natsPasswords[user]!,
    });
  }
  const url = new URL(natsUrl);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  const plain = url.href.replace(/\/$/, '');
  if (username === '') return (user) => ({ GITWAY_NATS_URL: plain, GITWAY_NATS_USER: user });
  return () => ({
    GITWAY_NATS_URL: plain,
    GITWAY_NATS_USER: decodeURIComponent(username),
    GITWAY_NATS_PASSWORD: decodeURIComponent(password),
  });
}

/** Jobs are wake-ups for what the databases know, so nothing is kept; a full server refuses rather than forgets. */
function valkeyConfig(password: string): string {
  return `bind *\nport ${addresses.valkeyPort}\ndir /data\nsave ""\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\nrequirepass ${password}\n`;
}

/** For `.` of a POSIX shell: single quotes keep everything as it is. */
function envFile(user: ContainerUser, variables: Record<string, string>): SecretFile {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(value)}\n`);
  return { name: `${user}.env`, user, content: lines.join('') };
}
