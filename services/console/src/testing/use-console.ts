import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { owners, type Owner } from '@gitway/contracts';
import { ADMIN_USER, connectNats, JetStreamBus, natsAuthorization, provisionMessaging } from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { useNats, usePostgres } from '@gitway/testing';
import { appModule } from '../app.module.ts';
import { loadConsoleConfig } from '../config.ts';
import { FakeService } from './fake-service.ts';

export const tokens = { operator: 'operator-token-of-this-test', viewer: 'viewer-token-of-this-test' };
export const internalToken = 'internal-token-of-this-test';
export const actors: Owner[] = ['git-watcher', 'validator', 'deployer', 'analytics', 'notifier'];

/** The console as it runs, over a real Postgres and a real NATS with each user's rights; the other services are fakes. */
export function useConsole() {
  const users = [ADMIN_USER, ...owners] as const;
  const passwords = Object.fromEntries(users.map((user) => [user, randomUUID()])) as Record<
    (typeof users)[number],
    string
  >;
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const postgres = usePostgres();
  const services = Object.fromEntries(actors.map((name) => [name, new FakeService()])) as Record<Owner, FakeService>;
  const running: RunningService[] = [];
  const closing: (() => Promise<unknown>)[] = [];

  const start = async (env: Record<string, string> = {}): Promise<{ url: string; stop(): Promise<void> }> => {
    const config = loadConsoleConfig({
      GITWAY_NATS_URL: nats.url(),
      GITWAY_NATS_USER: 'console',
      GITWAY_NATS_PASSWORD: passwords.console,
      GITWAY_HTTP_PORT: '0',
      GITWAY_INTERNAL_TOKEN: internalToken,
      GITWAY_LOG_LEVEL: 'silent',
      GITWAY_DATABASE_URL: postgres.url(),
      GITWAY_CONSOLE_TOKENS: JSON.stringify([
        { name: 'ada', role: 'operator', token: tokens.operator },
        { name: 'vera', role: 'viewer', token: tokens.viewer },
      ]),
      GITWAY_SERVICE_URLS: JSON.stringify(Object.fromEntries(actors.map((name) => [name, services[name].url]))),
      GITWAY_UPSTREAM_TIMEOUT: '500ms',
      ...env,
    });
    const service = await createService(appModule(config), { name: 'console', config });
    running.push(service);
    return { url: `http://127.0.0.1:${service.port}`, stop: () => stop(service) };
  };
  const stop = async (service: RunningService) => {
    if (running.includes(service)) running.splice(running.indexOf(service), 1);
    await service.stop();
  };

  beforeAll(async () => {
    await provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] });
    for (const name of actors) await services[name].start();
  }, 120_000);
  afterAll(async () => {
    for (const service of [...running]) await stop(service);
    for (const close of closing) await close();
    for (const name of actors) await services[name].stop();
  }, 60_000);

  return {
    services,
    start,
    /** The bus with the rights of another service, to state facts as it does. */
    busAs: async (user: Owner) => {
      const connection = await connectNats({ url: nats.url(), user, password: passwords[user] });
      closing.push(() => connection.close());
      return new JetStreamBus(connection);
    },
  };
}

export const asOperator = { authorization: `Bearer ${tokens.operator}` };
export const asViewer = { authorization: `Bearer ${tokens.viewer}` };
