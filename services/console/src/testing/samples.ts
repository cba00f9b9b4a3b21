import type { DeploymentView, EnvironmentView, IncidentView, SourceView } from '@gitway/contracts';

export const commit = 'a'.repeat(40);
export const snapshot = `sha256-${'b'.repeat(64)}`;
export const deploymentId = '6f1f9d3c-7f35-4f0a-9a2e-0c2a8f6f3b11';
export const incidentId = '0d6a5b0e-3a0e-4a0f-8f55-1d7d5a1e9c22';
const at = '2026-11-23T10:00:00.000Z';

export const environment = (name: string): EnvironmentView => ({
  name,
  promoteFrom: null,
  live: { deployment: deploymentId, commit, snapshot, since: at },
  next: null,
  pin: null,
  gateways: [],
});

export const deployment = (state: DeploymentView['state']): DeploymentView => ({
  deployment: deploymentId,
  environment: 'production',
  source: 'demo',
  ref: 'refs/heads/main',
  commit,
  snapshot,
  cause: 'commit',
  state,
  detail: 'as the test says',
  changes: { total: 0, units: [] },
  author: null,
  message: null,
  createdAt: at,
  endedAt: null,
  verdict: null,
  times: {},
});

export const source: SourceView = {
  name: 'demo',
  repository: 'http://127.0.0.1/demo.git',
  branches: ['main'],
  state: 'watching',
  failure: null,
  heads: [],
  lastPolledAt: null,
  lastWebhookAt: null,
};

export const incident: IncidentView = {
  incident: incidentId,
  environment: 'production',
  severity: 'major',
  state: 'open',
  title: 'production was rolled back',
  openedAt: at,
  resolvedAt: null,
  timeline: [],
};
