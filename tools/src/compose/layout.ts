import { EXAMPLE_REPOSITORY, exampleUpstreams, platformServices, type PlatformService } from '../launcher/layout.ts';

/** Where the files of `docker-compose.yml` lie inside its containers. */
export const SECRETS_DIRECTORY = '/secrets';
export const GIVEN_DIRECTORY = '/given';

/** Inside its own container every program listens on this port, agents excepted: they share their gateway's network. */
export const HTTP_PORT = 8080;
export const BROKEN_PORT = 8081;

/**
 * The numbered user of each container that has secrets. A file of secrets belongs to its reader alone, so that a
 * service that is taken over cannot read what the others know.
 */
export const users = {
  'git-watcher': 10001,
  validator: 10002,
  deployer: 10003,
  analytics: 10004,
  notifier: 10005,
  console: 10006,
  'gateway-agent': 10007,
  provision: 10008,
  git: 10009,
  'first-push': 10010,
  notifications: 10011,
  nats: 10013,
  valkey: 10014,
  /** `postgres` in Debian-based images of PostgreSQL. */
  postgres: 999,
} as const;
export type ContainerUser = keyof typeof users;

const at = (host: string, port = HTTP_PORT) => `http://${host}:${port}`;

/** How containers reach each other. */
export const addresses = {
  postgresHost: 'postgres',
  natsUrl: 'nats://nats:4222',
  natsPort: 4222,
  valkeyHost: 'valkey',
  valkeyPort: 6379,
  services: Object.fromEntries(
    platformServices.filter((name) => name !== 'console').map((name) => [name, at(name)]),
  ) as Record<Exclude<PlatformService, 'console'>, string>,
  console: at('console'),
  repository: `${at('git')}/${EXAMPLE_REPOSITORY}.git`,
  notifications: `${at('notifications')}/notifications`,
  upstreams: Object.fromEntries(exampleUpstreams.map((name) => [name, at(`upstream-${name}`)])) as Record<
    (typeof exampleUpstreams)[number],
    string
  >,
} as const;
