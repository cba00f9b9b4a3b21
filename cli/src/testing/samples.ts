import type { DeploymentView, EnvironmentView, Fact, Standing, StatusView } from '@gitway/contracts';

export const commit = `3f2a91c${'0'.repeat(33)}`;
export const older = `aa00${'1'.repeat(36)}`;
export const snapshot = `sha256-${'b'.repeat(64)}`;
export const deploymentId = '6f1f9d3c-7f35-4f0a-9a2e-0c2a8f6f3b11';
const at = '2026-11-23T11:57:00.000Z';

export const deployment: DeploymentView = {
  deployment: deploymentId,
  environment: 'production',
  source: 'demo',
  ref: 'refs/heads/main',
  commit,
  snapshot,
  cause: 'promotion',
  state: 'awaiting-approval',
  detail: 'waits for 1 approval',
  changes: { total: 1, units: [] },
  author: { name: 'Ada', email: 'ada@example.com' },
  message: 'Raise the limit\n\nbecause',
  createdAt: at,
  endedAt: null,
  verdict: null,
  times: {},
};

export const environment: EnvironmentView = {
  name: 'production',
  promoteFrom: 'staging',
  live: { deployment: deploymentId, commit: older, snapshot, since: at },
  next: deployment,
  pin: null,
  gateways: [
    {
      name: 'edge',
      inSync: false,
      desired: snapshot,
      running: null,
      generation: 3,
      problems: [{ unit: 'api petstore', message: 'cannot bind port 80' }],
      drift: [],
      listeners: {},
      proxy: 'haproxy 2.6',
      reportedAt: at,
    },
  ],
};

export const standing: Standing = {
  environment: 'production',
  cause: 'promotion',
  head: { source: 'demo', ref: 'refs/heads/main', commit },
  state: 'behind',
  why: 'awaiting-approval',
  detail: 'waits for 1 approval',
};

export const status: StatusView = {
  at,
  environments: [environment],
  standings: [standing],
  sources: [
    {
      name: 'demo',
      repository: 'http://127.0.0.1/demo.git',
      branches: ['main'],
      state: 'watching',
      failure: null,
      heads: [],
      lastPolledAt: at,
      lastWebhookAt: null,
    },
  ],
  incidents: [],
  services: [
    { name: 'deployer', state: 'ready', detail: null },
    { name: 'analytics', state: 'away', detail: 'connection refused' },
  ],
};

export function fact(name: string, data: Record<string, unknown>, correlationId = 'another-story'): Fact {
  const owner = name.endsWith('requested') ? 'console' : 'deployer';
  return {
    id: `id-of-${name}`,
    type: `dev.gitway.${name}.v1`,
    source: `/gitway/${owner}`,
    subject: `gitway.${owner}.${name}.production`,
    time: at,
    correlationId,
    causationId: null,
    traceparent: null,
    data: { environment: 'production', ...data },
  };
}
