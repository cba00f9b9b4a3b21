import { describe, expect, it } from '@jest/globals';
import type { SourceView } from '@gitway/contracts';
import { ConsoleClient } from '../client/console-client.ts';
import { portNames } from './layout.ts';
import type { PlatformAccess } from './platform-access.ts';
import { StateDirectory } from './state-directory.ts';
import { summary } from './summary.ts';

const state = new StateDirectory('/srv/my checkout/.gitway');
const access: PlatformAccess = {
  state: Object.assign(Object.create(state) as StateDirectory, {
    gatewayDirectory: () => '/srv/my checkout/.gitway/data/gateways/staging-edge',
  }),
  urls: {
    console: 'http://127.0.0.1:17100',
    clone: 'http://127.0.0.1:17103/platform.git',
    notifications: 'http://127.0.0.1:17108',
    gateways: { staging: 'http://127.0.0.1:17101', production: 'http://127.0.0.1:17102' },
  },
  ports: Object.fromEntries(portNames.map((name, index) => [name, 17_100 + index])),
  secrets: {
    postgresPassword: 'pg-secret',
    databasePasswords: {},
    natsPasswords: { validator: 'nats-secret' },
    internalToken: 'internal-secret',
    consoleToken: 'console-secret',
    webhookSecret: 'webhook-secret',
    gitToken: 'git-secret',
    notificationSecret: 'notification-secret',
    demoKey: 'demo-secret',
  },
  console: new ConsoleClient('http://127.0.0.1:17100', 'console-secret'),
  clone: () => Promise.reject(new Error('not in this test')),
};
const options = {
  firstPush: { commit: 'a'.repeat(40), liveAfterMs: { staging: 812 } },
  sources: null,
  tookMs: 9_000,
  from: '/srv/my checkout',
};

describe('summary', () => {
  it('says where everything is and how long the first push took', () => {
    const text = summary(access, { ...options, showSecrets: false });
    for (const part of [
      ...Object.values(access.urls.gateways),
      access.urls.clone!,
      'staging after 812 ms',
      'aaaaaaaa',
    ]) {
      expect(text).toContain(part);
    }
    expect(text.match(/^ {2}[1-5]\. /gm)).toHaveLength(5);
  });

  it('says nothing of a first push of an earlier start', () => {
    expect(summary(access, { ...options, firstPush: null, showSecrets: false })).not.toContain('first push');
  });

  it('says without the example what is followed, and what to do next', () => {
    const alone = { ...access, urls: { ...access.urls, clone: null } };
    const source: SourceView = {
      name: 'apis',
      repository: 'https://git.example.com/apis.git',
      branches: ['main', 'next'],
      state: 'failing',
      failure: 'the host is private',
      heads: [],
      lastPolledAt: null,
      lastWebhookAt: null,
    };
    const given = { ...options, firstPush: null, showSecrets: false };
    const text = summary(alone, { ...given, sources: [source] });
    expect(text).toContain(
      'https://git.example.com/apis.git (main, next), webhook http://127.0.0.1:17100/webhooks/apis; it cannot be read: the host is private',
    );
    expect(text).toContain('staging with staging-edge, production with production-edge');
    expect(text).not.toContain('things to try');
    const first = summary(alone, { ...given, showSecrets: true, sources: [source] });
    expect(first.match(/[\w-]+-secret/g)).toEqual(['console-secret']);
    expect(summary(alone, { ...given, sources: [] })).toContain("GITWAY_SOURCES='[");
  });

  it('shows secrets that a person needs at the first start only, and others never', () => {
    const later = summary(access, { ...options, showSecrets: false });
    expect(later).not.toMatch(/\w+-secret/);
    const first = summary(access, { ...options, showSecrets: true });
    expect([...first.matchAll(/[\w-]+-secret/g)].map(([word]) => word).sort()).toEqual([
      'console-secret',
      'demo-secret',
      'git-secret',
    ]);
  });

  it('gives lines that a shell takes as they are, also from another folder', () => {
    expect(summary(access, { ...options, showSecrets: false })).toContain('$(cat .gitway/demo-key)');
    expect(summary(access, { ...options, showSecrets: false })).toContain(
      'GITWAY_TOKEN=$(cat .gitway/console-token) npm run',
    );
    expect(summary(access, { ...options, from: '/tmp', showSecrets: false })).toContain(
      "$(cat '/srv/my checkout/.gitway/demo-key')",
    );
  });
});
