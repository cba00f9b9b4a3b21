import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { type Desired, type Owner, owners, type Reported, type Snapshot, type Unit } from '@gitway/contracts';
import {
  ADMIN_USER,
  connectNats,
  NatsArtifactStore,
  natsAuthorization,
  NatsGatewayStates,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { useNats, waitFor } from '@gitway/testing';
import { AppModule } from '../app.module.ts';
import { prepareDirectory } from '../app/run-gateway.ts';
import { type AgentConfig, loadAgentConfig } from '../config.ts';

export const ENVIRONMENT = 'staging';
export const GATEWAY = 'edge';

/** Real NATS with the users of the other services, to want things of an agent and see what it reports. */
export function usePlatform() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const open: (() => Promise<unknown>)[] = [];
  beforeAll(() => provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] }), 60_000);
  afterAll(async () => {
    for (const close of open.reverse()) await close();
  }, 60_000);
  const connections = new Map<string, ReturnType<typeof connectNats>>();
  const connect = (user: Owner | typeof ADMIN_USER) => {
    const connection = connections.get(user) ?? connectNats({ url: nats.url(), user, password: passwords[user] });
    if (!connections.has(user)) open.push(async () => (await connection).close());
    connections.set(user, connection);
    return connection;
  };
  let generation = 0;
  return {
    nats,
    connect,
    config: (dir: string, port: number, binary: string): AgentConfig =>
      loadAgentConfig({
        GITWAY_NATS_URL: nats.url(),
        GITWAY_NATS_PASSWORD: passwords['gateway-agent'],
        GITWAY_HTTP_PORT: '0',
        GITWAY_INTERNAL_TOKEN: 'an-internal-token-of-a-test',
        GITWAY_LOG_LEVEL: 'silent',
        GITWAY_ENVIRONMENT: ENVIRONMENT,
        GITWAY_GATEWAY: GATEWAY,
        GITWAY_LISTENERS: `http=127.0.0.1:${port}`,
        GITWAY_HAPROXY_DIR: dir,
        GITWAY_HAPROXY_BIN: binary,
        GITWAY_OBSERVE_INTERVAL: '200ms',
        GITWAY_REPORT_INTERVAL: '2s',
      }),
    /** The agent as a service; `prepareDirectory` is to be called before HAProxy starts. */
    startAgent: async (config: AgentConfig): Promise<RunningService> => {
      prepareDirectory(config);
      const service = await createService(AppModule.forRoot(config), { name: 'gateway-agent', config });
      let running = true;
      const stop = async () => {
        if (running) await service.stop();
        running = false;
      };
      open.push(stop);
      return { ...service, stop };
    },
    /** Stores units and their snapshot as the validator does. @returns the snapshot's digest */
    store: async (units: readonly Unit[]): Promise<string> => {
      const artifacts = new NatsArtifactStore(await connect('validator'));
      const refs = await Promise.all(
        units.map(async (unit) => ({
          kind: unit.kind,
          name: unit.name,
          digest: await artifacts.putJson('unit', unit),
        })),
      );
      refs.sort((a, b) => (`${a.kind} ${a.name}` < `${b.kind} ${b.name}` ? -1 : 1));
      const snapshot: Snapshot = { environment: ENVIRONMENT, units: refs };
      return artifacts.putJson('snapshot', snapshot);
    },
    /** Wants a snapshot as the deployer does. @returns the generation */
    want: async (
      snapshot: string,
      phase: Desired['phase'] = 'run',
      decided: Pick<Desired, 'weights' | 'blocks'> = {},
    ): Promise<number> => {
      const states = new NatsGatewayStates(await connect('deployer'));
      const present = await states.getDesired(ENVIRONMENT, GATEWAY);
      generation = (present?.value.generation ?? generation) + 1;
      const desired = {
        environment: ENVIRONMENT,
        gateway: GATEWAY,
        generation,
        phase,
        snapshot,
        deployment: randomUUID(),
        traceparent: null,
        writtenAt: new Date().toISOString(),
        ...decided,
      };
      await states.putDesired(desired, present?.revision ?? null);
      return generation;
    },
    /** Waits until what is reported fits. */
    reported: async (fits: (reported: Reported) => boolean, timeoutMs = 15_000): Promise<Reported> => {
      const states = new NatsGatewayStates(await connect('console'));
      let seen: Reported | null = null;
      return waitFor(
        async () => {
          seen = await states.getReported(ENVIRONMENT, GATEWAY);
          return seen !== null && fits(seen) ? seen : null;
        },
        { timeoutMs, message: () => `another report than ${JSON.stringify(seen, null, 1)}` },
      );
    },
  };
}
