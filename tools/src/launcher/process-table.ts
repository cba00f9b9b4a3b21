import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Owner } from '@gitway/contracts';
import { exitCodes } from '@gitway/errors';
import type { Installation } from '@gitway/servers';
import { repositoryRoot } from '../repository-root.ts';
import type { ProcessSpec } from '../supervisor/process-spec.ts';
import { serviceDatabaseUrl, type ServiceDatabase } from './databases.ts';
import {
  agentName,
  EXAMPLE_REPOSITORY,
  exampleUpstreams,
  gatewaySites,
  platformServices,
  proxyName,
  type GatewaySite,
  type PlatformService,
} from './layout.ts';
import type { Secrets } from './secrets.ts';
import type { Servers } from './servers.ts';
import type { StateDirectory } from './state-directory.ts';

/** Everything that the processes are told by their environment. */
export interface Surroundings {
  readonly state: StateDirectory;
  readonly ports: Readonly<Record<string, number>>;
  readonly secrets: Secrets;
  readonly postgresAdminUrl: string;
  readonly nats: Servers['nats'];
  readonly haproxy: Installation;
  /** Names of processes that are servers of ours. */
  readonly servers: readonly string[];
  readonly example: boolean;
  /** Further variables for every service, and by name of a process. */
  readonly extraEnv: Readonly<Record<string, string>>;
}

const SERVICE_STOP = { signal: 'SIGTERM', graceMs: 12_000 } as const;
const SERVICE_READY_WITHIN_MS = 60_000;

export function serviceDatabase(name: PlatformService, secrets: Secrets): ServiceDatabase {
  return { name: `gitway_${name.replaceAll('-', '_')}`, password: secrets.databasePasswords[name]! };
}

/** The services, an agent and a proxy per gateway, and the example: all that runs besides the servers. */
export function processTable(around: Surroundings): ProcessSpec[] {
  return [
    ...platformServices.map((name) => service(name, around)),
    ...gatewaySites.flatMap((site) => [agent(site, around), proxy(site, around)]),
    notificationInbox(around),
    ...(around.example ? exampleProcesses(around) : []),
  ];
}

const local = (port: number | undefined) => `http://127.0.0.1:${port}`;

function service(name: PlatformService, around: Surroundings): ProcessSpec {
  const { secrets, postgresAdminUrl } = around;
  return serviceProcess(name, name, name, around, {
    GITWAY_DATABASE_URL: serviceDatabaseUrl(postgresAdminUrl, serviceDatabase(name, secrets)),
    ...ownVariables[name](around),
  });
}

const ownVariables: Record<PlatformService, (around: Surroundings) => Record<string, string>> = {
  'git-watcher': ({ state, ports, secrets, example }) => ({
    GITWAY_GIT_DATA_DIR: join(state.data, 'mirrors'),
    ...(example ? { GITWAY_SOURCES: JSON.stringify([exampleSource(ports, secrets)]) } : noSourcesOfItsOwn()),
  }),
  validator: ({ state }) => ({ GITWAY_COMPILE_CACHE_DIR: join(state.data, 'compiled') }),
  deployer: () => ({}),
  analytics: () => ({}),
  notifier: ({ ports, secrets }) => ({
    GITWAY_CHANNELS: JSON.stringify([
      {
        name: 'local',
        type: 'webhook',
        url: `${local(ports['notifications'])}/notifications`,
        secret: secrets.notificationSecret,
      },
    ]),
  }),
  console: ({ ports, secrets }) => ({
    GITWAY_CONSOLE_TOKENS: JSON.stringify([{ name: 'local', role: 'operator', token: secrets.consoleToken }]),
    GITWAY_SERVICE_URLS: JSON.stringify(
      Object.fromEntries(
        platformServices.filter((name) => name !== 'console').map((name) => [name, local(ports[name])]),
      ),
    ),
  }),
};

/** The example's repository, followed by webhook, and by polling in case one is lost. */
function exampleSource(ports: Surroundings['ports'], secrets: Secrets): Record<string, unknown> {
  return {
    name: EXAMPLE_REPOSITORY,
    url: `${local(ports['git'])}/${EXAMPLE_REPOSITORY}.git`,
    branches: ['main'],
    token: secrets.gitToken,
    webhookSecret: secrets.webhookSecret,
    pollInterval: '5s',
    allowPrivate: true,
  };
}

/** Without the example the sources are those of the launcher's own environment, if any. */
function noSourcesOfItsOwn(): Record<string, string> {
  return process.env['GITWAY_SOURCES'] === undefined ? { GITWAY_SOURCES: '[]' } : {};
}

function agent(site: GatewaySite, around: Surroundings): ProcessSpec {
  const { state, ports, haproxy } = around;
  return {
    ...serviceProcess(agentName(site), 'gateway-agent', 'gateway-agent', around, {
      ...haproxy.env,
      GITWAY_ENVIRONMENT: site.environment,
      GITWAY_GATEWAY: site.gateway,
      GITWAY_LISTENERS: `http=127.0.0.1:${ports[proxyName(site)]}`,
      GITWAY_HAPROXY_DIR: state.gatewayDirectory(site.gateway),
      GITWAY_HAPROXY_BIN: haproxy.binary,
      GITWAY_SECRETS_DIR: `${state.gatewayDirectory(site.gateway)}/secrets`,
    }),
    stage: 'agent',
  };
}

function proxy(site: GatewaySite, { state, haproxy }: Surroundings): ProcessSpec {
  const directory = state.gatewayDirectory(site.gateway);
  const config = join(directory, 'haproxy.cfg');
  const masterSocket = join(directory, 'master.sock');
  return {
    name: proxyName(site),
    stage: 'gateway',
    command: haproxy.binary,
    args: ['-W', '-S', masterSocket, '-f', config],
    env: { ...haproxy.env },
    cwd: directory,
    // Its agent may take it for granted, so it does not wait for the agent but for what the agent writes first.
    dependsOn: [],
    startWhenExists: config,
    ready: { kind: 'socket', path: masterSocket },
    readyWithinMs: SERVICE_READY_WITHIN_MS,
    stop: { signal: 'SIGTERM', graceMs: 5_000 },
    stdoutFile: join(directory, 'access.log'),
  };
}

function serviceProcess(
  name: string,
  folder: string,
  owner: Owner,
  { ports, secrets, nats, servers, extraEnv }: Surroundings,
  env: Record<string, string>,
): ProcessSpec {
  const { user, password } = nats.userOf(owner);
  return {
    name,
    stage: 'service',
    command: process.execPath,
    args: [
      '--enable-source-maps',
      '--import',
      pathToFileURL(join(repositoryRoot, 'libs', 'observability', 'dist', 'preload.js')).href,
      join(repositoryRoot, 'services', folder, 'dist', 'main.js'),
    ],
    env: {
      NODE_ENV: 'production',
      OTEL_SERVICE_NAME: name,
      GITWAY_NATS_URL: nats.url,
      GITWAY_NATS_USER: user,
      ...(password === undefined ? {} : { GITWAY_NATS_PASSWORD: password }),
      GITWAY_HTTP_PORT: String(ports[name]),
      GITWAY_INTERNAL_TOKEN: secrets.internalToken,
      ...env,
      ...extraEnv,
    },
    dependsOn: servers,
    ready: { kind: 'http', url: `${local(ports[name])}/health/ready` },
    readyWithinMs: SERVICE_READY_WITHIN_MS,
    stop: SERVICE_STOP,
    usageExitCode: exitCodes.usage,
  };
}

/** Where the notifier's webhook leads on one machine: it keeps what came, so that a person can look. */
function notificationInbox({ state, ports, secrets }: Surroundings): ProcessSpec {
  return exampleProcess(
    'notifications',
    join(repositoryRoot, 'tools', 'dist', 'notifications', 'main.js'),
    ports['notifications']!,
    {
      NOTIFICATIONS_PORT: String(ports['notifications']),
      NOTIFICATIONS_SECRET: secrets.notificationSecret,
      NOTIFICATIONS_FILE: join(state.data, 'notifications.jsonl'),
    },
  );
}

function exampleProcesses({ state, ports, secrets }: Surroundings): ProcessSpec[] {
  const program = (name: string) => join(repositoryRoot, 'examples', 'dist', `${name}.js`);
  return [
    exampleProcess('git', program('git-server-main'), ports['git']!, {
      EXAMPLE_GIT_PORT: String(ports['git']),
      EXAMPLE_GIT_DIR: join(state.data, 'git'),
      EXAMPLE_GIT_TOKEN: secrets.gitToken,
      EXAMPLE_GIT_REPOSITORIES: EXAMPLE_REPOSITORY,
      EXAMPLE_WEBHOOK_URL: `${local(ports['console'])}/webhooks/${EXAMPLE_REPOSITORY}`,
      EXAMPLE_WEBHOOK_SECRET: secrets.webhookSecret,
    }),
    ...exampleUpstreams.map((name) =>
      exampleProcess(`upstream-${name}`, program('upstream-main'), ports[`upstream-${name}`]!, {
        EXAMPLE_UPSTREAM_NAME: name,
        EXAMPLE_UPSTREAM_PORT: String(ports[`upstream-${name}`]),
        EXAMPLE_UPSTREAM_BROKEN_PORT: String(ports[`upstream-${name}-broken`]),
      }),
    ),
  ];
}

function exampleProcess(name: string, program: string, port: number, env: Record<string, string>): ProcessSpec {
  return {
    name,
    stage: 'example',
    command: process.execPath,
    args: [program],
    env,
    dependsOn: [],
    ready: { kind: 'tcp', port },
    readyWithinMs: 30_000,
    stop: { signal: 'SIGTERM', graceMs: 5_000 },
  };
}
