import { join } from 'node:path';
import { repositoryRoot } from '../repository-root.ts';

/** What one platform on one machine consists of; the example repository names the same gateways and repositories. */
export interface GatewaySite {
  readonly environment: string;
  readonly gateway: string;
}

export const gatewaySites: readonly GatewaySite[] = [
  { environment: 'staging', gateway: 'staging-edge' },
  { environment: 'production', gateway: 'production-edge' },
];

/** Name of the example's Git repository and of the source that follows it. */
export const EXAMPLE_REPOSITORY = 'platform';

/** Two small APIs stand behind the gateways; each has a second port where every answer is a 500. */
export const exampleUpstreams = ['content', 'work'] as const;

export const agentName = ({ gateway }: GatewaySite) => `agent-${gateway}`;
export const proxyName = ({ gateway }: GatewaySite) => `haproxy-${gateway}`;

/** The services that every platform runs, besides an agent for each gateway. */
export const platformServices = ['git-watcher', 'validator', 'deployer', 'analytics', 'notifier', 'console'] as const;
export type PlatformService = (typeof platformServices)[number];

/** What people connect to comes first, so that it gets the lowest and most memorable ports. */
export const portNames: readonly string[] = [
  'console',
  ...gatewaySites.map(proxyName),
  'git',
  ...exampleUpstreams.flatMap((name) => [`upstream-${name}`, `upstream-${name}-broken`]),
  'notifications',
  'postgres',
  'nats',
  ...platformServices.filter((name) => name !== 'console'),
  ...gatewaySites.map(agentName),
];

export const defaultStateDir = join(repositoryRoot, '.gitway');
/** Downloaded servers; shared by all state directories. */
export const defaultCacheDir = join(defaultStateDir, 'cache', 'servers');
