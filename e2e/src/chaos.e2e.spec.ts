import { describe, expect, it } from '@jest/globals';
import {
  commitDetected,
  commitValidated,
  deploymentPlanned,
  deadLetterSchema,
  type EventDefinition,
  listOf,
} from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { call } from '@gitway/tools';
import { usePlatform } from './testing/use-platform.ts';

const e2e = usePlatform();
const API = 'apis/comics/api.yaml';
let round = 0;

/** Every kind of process that the platform consists of; upstreams and the notification inbox are not part of it. */
const victims = [
  'git-watcher',
  'validator',
  'deployer',
  'analytics',
  'notifier',
  'console',
  'agent-staging-edge',
  'haproxy-staging-edge',
  'git',
  'nats',
  'postgres',
];

const serves = async (environment: string, path: string) =>
  (await call({ url: e2e.platform().urls.gateways[environment] ?? '', path })).status === 200;

/** Moves the API to a path that it never had, by a push. */
async function pushMove(): Promise<{ commit: string; path: string }> {
  const path = `/chaos-${++round}`;
  await e2e.copy().edit(API, (text) => text.replace(/basePath: \S+/, `basePath: ${path}`));
  const { commit } = await e2e.copy().push(`comics: move to ${path}`);
  return { commit, path };
}

/** Every gateway serves the path, every process is back, and the platform says so itself. */
async function converges({ commit, path }: { commit: string; path: string }, victim: string): Promise<void> {
  for (const environment of ['staging', 'production']) {
    await waitFor(() => serves(environment, `${path}/info.0.json`), {
      timeoutMs: 90_000,
      message: `${environment} to serve ${path} (${commit.slice(0, 8)}) after ${victim} was killed`,
    });
  }
  await e2e.platform().untilReady();
  await waitFor(
    async () => {
      const environments = await e2e.platform().console.environments();
      return environments.every(
        ({ live, gateways }) => live?.commit === commit && gateways.every(({ inSync }) => inSync),
      );
    },
    { timeoutMs: 60_000, message: `every environment to say that it runs ${commit.slice(0, 8)}` },
  );
}

const CASE_MS = 200_000;

describe('kill -9 of any one process just after a push', () => {
  it('kills everything that there is to kill', () => {
    const running = e2e
      .platform()
      .processes()
      .map(({ name }) => name);
    expect(running).toEqual(expect.arrayContaining(victims));
  });

  it.each(victims)(
    '%s: the gateways end up equal to the head of Git',
    async (victim) => {
      const move = await pushMove();
      await e2e.platform().kill(victim);
      await converges(move, victim);
    },
    CASE_MS,
  );
});

/** Who is at work, or about to be, when a fact becomes known. */
const moments: [string, EventDefinition<{ commit: string }>, string[]][] = [
  ['commit-detected', commitDetected, ['git-watcher', 'validator', 'nats', 'postgres']],
  ['commit-validated', commitValidated, ['validator', 'deployer', 'nats', 'postgres']],
  [
    'deployment-planned',
    deploymentPlanned,
    ['deployer', 'agent-staging-edge', 'haproxy-staging-edge', 'nats', 'postgres'],
  ],
];

describe.each(moments)('kill -9 as soon as %s is known', (_, definition, atWork) => {
  it.each(atWork)(
    '%s: the gateways end up equal to the head of Git',
    async (victim) => {
      const move = await pushMove();
      await e2e.feed().until(definition, (data) => data.commit === move.commit, { timeoutMs: 60_000 });
      await e2e.platform().kill(victim);
      await converges(move, victim);
    },
    CASE_MS,
  );
});

describe('after all of it', () => {
  it('nothing was lost on the way: no dead letter, no failed deployment, no open incident', async () => {
    const { console } = e2e.platform();
    const letters = await console.get('/api/dead-letters', listOf(deadLetterSchema));
    expect(letters.items).toEqual([]);
    await waitFor(async () => (await console.status()).incidents?.length === 0, { timeoutMs: 60_000 });
  });
});
