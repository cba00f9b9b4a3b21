import { describe, expect, it } from '@jest/globals';
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

describe('kill -9 of any one process in mid-flow', () => {
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
      const copy = e2e.copy();
      const path = `/chaos-${++round}`;
      await copy.edit(API, (text) => text.replace(/basePath: \S+/, `basePath: ${path}`));
      const { commit } = await copy.push(`comics: move to ${path}`);
      await e2e.platform().kill(victim);
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
    },
    200_000,
  );
});
