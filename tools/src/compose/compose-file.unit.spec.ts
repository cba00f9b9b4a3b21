import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  agentName,
  exampleUpstreams,
  gatewaySites,
  platformServices,
  type GatewaySite,
  type PlatformService,
} from '../launcher/layout.ts';
import { repositoryRoot } from '../repository-root.ts';
import { nothingGiven } from './given.ts';
import { addresses, HTTP_PORT, users } from './layout.ts';
import { loadFirstPushConfig } from './first-push-command.ts';
import { loadProvisionConfig } from './provision-command.ts';
import { secretFiles } from './secret-files.ts';
import { composeText, dockerfile, readCompose } from './testing/compose-file.ts';
import { sampleSecrets, variablesOf } from './testing/sample-secrets.ts';

const compose = readCompose();
const containers = Object.entries(compose.services);
const files = secretFiles({ secrets: sampleSecrets, valkeyPassword: 'valkey-password', given: nothingGiven });
const source = (path: string) => readFileSync(join(repositoryRoot, path), 'utf8');

/** All that a container's program sees: what the compose file says and what its own secrets file adds. */
function environmentOf(name: string): Record<string, string> {
  const { environment = {} } = compose.services[name]!;
  const file = environment['GITWAY_SECRETS_FILE'];
  const secrets = files.find((one) => `/secrets/${one.name}` === file);
  return { ...environment, ...(secrets === undefined ? {} : variablesOf(secrets.content)) };
}

const loaders: Record<PlatformService | 'gateway-agent', string> = {
  'git-watcher': 'loadGitWatcherConfig',
  validator: 'loadValidatorConfig',
  deployer: 'loadDeployerConfig',
  analytics: 'loadAnalyticsConfig',
  notifier: 'loadNotifierConfig',
  console: 'loadConsoleConfig',
  'gateway-agent': 'loadAgentConfig',
};
const running: [container: string, service: keyof typeof loaders][] = [
  ...platformServices.map((name): [string, keyof typeof loaders] => [name, name]),
  ...gatewaySites.map((site): [string, keyof typeof loaders] => [agentName(site), 'gateway-agent']),
];

describe('docker-compose.yml', () => {
  it('runs what the launcher runs', () => {
    const gateways = gatewaySites.map(({ gateway }: GatewaySite) => `gateway-${gateway}`);
    const upstreams = exampleUpstreams.map((name) => `upstream-${name}`);
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([...platformServices, ...gatewaySites.map(agentName), ...gateways, ...upstreams]),
    );
  });

  it.each(running)('gives %s a configuration that its service accepts', async (container, service) => {
    const module = (await import(join(repositoryRoot, 'services', service, 'src', 'config.ts'))) as Record<
      string,
      (env: NodeJS.ProcessEnv) => unknown
    >;
    expect(() => module[loaders[service]]!(environmentOf(container))).not.toThrow();
    expect(() => module[loaders[service]]!({})).toThrow();
  });

  it.each(running)('sets no variable that %s does not know', (container, service) => {
    const known = source(`services/${service}/src/config.ts`) + source('libs/config/src/shapes.ts');
    const elsewhere = ['OTEL_SERVICE_NAME', 'GITWAY_SECRETS_FILE'];
    const unknown = Object.keys(environmentOf(container)).filter(
      (name) => !elsewhere.includes(name) && !new RegExp(`\\b${name}\\b`).test(known),
    );
    expect(unknown).toEqual([]);
  });

  it.each([
    ['git', 'examples/src/config.ts'],
    ['upstream-content', 'examples/src/config.ts'],
    ['upstream-work', 'examples/src/config.ts'],
    ['notifications', 'tools/src/notifications/main.ts'],
    ['provision', 'tools/src/compose/provision-command.ts'],
    ['first-push', 'tools/src/compose/first-push-command.ts'],
    ['secrets', 'tools/src/compose/secrets-command.ts'],
  ])('sets no variable that %s does not know (%s)', (container, config) => {
    const names = Object.keys(environmentOf(container)).filter((name) => name !== 'GITWAY_SECRETS_FILE');
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source(config)))).toEqual([]);
  });

  it('gives the one-shot commands what they need', () => {
    expect(Object.keys(loadProvisionConfig(environmentOf('provision')).DATABASE_PASSWORDS)).toEqual([
      ...platformServices,
    ]);
    expect(loadFirstPushConfig(environmentOf('first-push')).DEMO_KEY).toBe(sampleSecrets.demoKey);
  });

  it('runs programs that exist', () => {
    const main = source('tools/src/main.ts');
    for (const [, { command = [] }] of containers) {
      const [program = '', argument] = command;
      if (!program.endsWith('.js')) continue;
      expect(existsSync(join(repositoryRoot, program.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
      if (argument !== undefined) expect(main).toContain(`'${argument}':`);
    }
  });

  it('lets every container read its own secrets and no others', () => {
    for (const [name, { user, environment = {}, volumes = [], command = [] }] of containers) {
      const file = [environment['GITWAY_SECRETS_FILE'], environment['POSTGRES_PASSWORD_FILE'], ...command].find(
        (text) => text?.startsWith('/secrets/'),
      );
      const reads = file ?? (name === 'nats' ? '/secrets/nats.conf' : undefined);
      if (reads === undefined) {
        if (name !== 'secrets') expect(volumes.filter((volume) => volume.startsWith('secrets:'))).toEqual([]);
        continue;
      }
      const secret = files.find((one) => reads === `/secrets/${one.name}`)!;
      expect([name, user]).toEqual([name, `${users[secret.user]}:${users[secret.user]}`]);
      expect(volumes).toContain('secrets:/secrets:ro');
    }
  });

  it('holds no secret', () => {
    const names = containers.flatMap(([, { environment = {} }]) => Object.keys(environment));
    expect(names.filter((name) => /TOKEN|PASSWORD|SECRET|KEY|_URL$/.test(name) && !/_(FILE|DIR)$/.test(name))).toEqual([
      'EXAMPLE_WEBHOOK_URL',
    ]);
  });

  it('needs no .env', () => {
    expect(composeText.match(/\$\{[A-Z_]+(?!:-)[^A-Z_]/g)).toBeNull();
  });

  it('publishes the console, the gateways and Git, and only to this machine', () => {
    const published = containers.filter(([, { ports = [] }]) => ports.length > 0);
    expect(published.map(([name]) => name).sort()).toEqual([
      'console',
      'git',
      'network-production-edge',
      'network-staging-edge',
    ]);
    for (const [, { ports }] of published) expect(ports![0]).toMatch(/^127\.0\.0\.1:\d+:8080$/);
    expect(new Set(published.map(([, { ports }]) => ports![0])).size).toBe(4);
  });

  it('keeps every container small in rights', () => {
    for (const [name, service] of containers) {
      expect([name, service.read_only]).toEqual([name, true]);
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.restart).toMatch(/^(no|unless-stopped)$/);
      if (name === 'secrets') expect(service.network_mode).toBe('none');
      else expect(`${String(service.cap_add ?? '')}${service.user ?? '10007'}`).toMatch(/^[1-9]/);
    }
  });

  it('refers to containers, volumes, networks and targets that exist', () => {
    const targets = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
    for (const [, service] of containers) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(compose.services)).toContain(other);
        if (condition === 'service_healthy') expect(compose.services[other]!.healthcheck).toBeDefined();
        if (condition === 'service_completed_successfully') expect(compose.services[other]!.restart).toBe('no');
      }
      for (const volume of service.volumes ?? []) {
        const name = volume.split(':')[0]!;
        if (!name.startsWith('.')) expect(Object.keys(compose.volumes)).toContain(name);
        else expect(existsSync(join(repositoryRoot, name))).toBe(true);
      }
      const networks = service.networks ?? [];
      for (const network of Array.isArray(networks) ? networks : Object.keys(networks)) {
        expect(Object.keys(compose.networks)).toContain(network);
      }
      const shared = /^service:(.+)$/.exec(service.network_mode ?? '')?.[1];
      if (shared !== undefined) expect(Object.keys(compose.services)).toContain(shared);
      if (service.build !== undefined) {
        expect(targets).toContain(service.build.target);
        expect(existsSync(join(repositoryRoot, service.build.dockerfile))).toBe(true);
      }
    }
  });

  it('names containers as programs look for them', () => {
    const hosts = [
      ...Object.values(addresses.services),
      ...Object.values(addresses.upstreams),
      addresses.console,
      addresses.repository,
      addresses.notifications,
      addresses.natsUrl,
    ].map((url) => new URL(url).hostname);
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining([...hosts, addresses.postgresHost, addresses.valkeyHost]),
    );
    const urls = JSON.parse(compose.services['console']!.environment!['GITWAY_SERVICE_URLS']!) as object;
    expect(urls).toEqual(addresses.services);
    for (const site of gatewaySites) {
      const { environment } = compose.services[agentName(site)]!;
      expect(environment).toMatchObject({ GITWAY_ENVIRONMENT: site.environment, GITWAY_GATEWAY: site.gateway });
      expect(environment!['GITWAY_LISTENERS']).toBe(`http=0.0.0.0:${HTTP_PORT}`);
    }
  });
});
