import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import {
  commitValidated,
  deploymentViewSchema,
  environmentViewSchema,
  listOf,
  trafficJudged,
  type DataOf,
  type EnvironmentUnit,
  type EventDefinition,
  type EventEnvelope,
  INTERNAL_TOKEN_HEADER,
  type Owner,
  owners,
} from '@gitway/contracts';
import {
  ADMIN_USER,
  BusFactPublisher,
  connectNats,
  decodeEvent,
  JetStreamBus,
  NatsArtifactStore,
  natsAuthorization,
  NatsGatewayStates,
  type NatsPasswords,
  provisionMessaging,
} from '@gitway/messaging';
import { createService, type RunningService } from '@gitway/service';
import { useNats, usePostgres, waitFor } from '@gitway/testing';
import { AppModule } from '../app.module.ts';
import { loadDeployerConfig } from '../config.ts';
import { SimulatedAgent } from './simulated-agent.ts';

export interface Pushed {
  readonly environment: string;
  readonly commit: string;
  readonly snapshot: string;
  /** Id of the commit-validated fact. */
  readonly event: string;
}

type EnvironmentChanges = Partial<Omit<EnvironmentUnit, 'kind' | 'name'>>;

/** A deployer over real servers, with everything around it: who validates, judges, asks, and simulated gateways. */
export function useDeployer() {
  const passwords = Object.fromEntries([ADMIN_USER, ...owners].map((user) => [user, randomUUID()])) as NatsPasswords;
  const running = new Set<RunningService>();
  const agents: SimulatedAgent[] = [];
  const heard: EventEnvelope[] = [];
  const connections = new Map<string, ReturnType<typeof connectNats>>();

  // Hooks run in the order in which they are declared: this one before the servers go away.
  afterAll(async () => {
    await Promise.all([...running].map((service) => service.stop()));
    await Promise.all(agents.map((agent) => agent.stop()));
    await Promise.all([...connections.values()].map(async (connection) => (await connection).close()));
  }, 60_000);

  const postgres = usePostgres();
  const nats = useNats({ configText: natsAuthorization(passwords) });
  const token = randomUUID();

  const connectAs = async (user: Owner | typeof ADMIN_USER) => {
    const connecting = connections.get(user) ?? connectNats({ url: nats.url(), user, password: passwords[user] });
    connections.set(user, connecting);
    return connecting;
  };

  beforeAll(async () => {
    await provisionMessaging({ url: nats.url(), user: ADMIN_USER, password: passwords[ADMIN_USER] });
    const admin = await connectAs(ADMIN_USER);
    const subscription = admin.subscribe('gitway.deployer.>');
    void (async () => {
      for await (const message of subscription) {
        const headers: Record<string, string> = {};
        for (const [name, values] of message.headers ?? []) headers[name.toLowerCase()] = values[0] ?? '';
        const { event } = decodeEvent({
          subject: message.subject,
          id: headers['ce-id'] ?? '',
          headers,
          body: message.data,
        });
        heard.push(event);
      }
    })();
    await admin.flush();
  }, 60_000);

  const publish = async <Data>(definition: EventDefinition<Data>, data: Data) =>
    new BusFactPublisher(new JetStreamBus(await connectAs(definition.owner))).publish(definition, data);

  const start = async (changes: Record<string, string> = {}): Promise<RunningService> => {
    const config = loadDeployerConfig({
      GITWAY_NATS_URL: nats.url(),
      GITWAY_NATS_USER: 'deployer',
      GITWAY_NATS_PASSWORD: passwords.deployer,
      GITWAY_HTTP_PORT: '0',
      GITWAY_INTERNAL_TOKEN: token,
      GITWAY_LOG_LEVEL: 'silent',
      GITWAY_DATABASE_URL: postgres.url(),
      GITWAY_APPLY_TIMEOUT: '1500ms',
      GITWAY_RETRY_WAIT: '300ms',
      GITWAY_SWEEP_INTERVAL: '1s',
      GITWAY_REFUSED_ATTEMPTS: '1',
      ...changes,
    });
    const service = await createService(AppModule.forRoot(config), { name: 'deployer', config });
    running.add(service);
    return service;
  };
  const stop = async (service: RunningService) => {
    running.delete(service);
    await service.stop();
  };

  /** A commit compiles for an environment, with content that is told apart by `label`. */
  const push = async (
    environment: string,
    label: string,
    changes: EnvironmentChanges = {},
    fact: Partial<DataOf<typeof commitValidated>> = {},
  ): Promise<Pushed> => {
    const artifacts = new NatsArtifactStore(await connectAs('validator'));
    const unit = {
      kind: 'environment',
      name: environment,
      gateways: ['edge'],
      promoteFrom: null,
      promotion: { soakMs: 0, approvals: 0 },
      analysis: { windowMs: 60_000, minRequests: 10 },
      drift: { mode: 'heal', intervalMs: 1_000 },
      ...changes,
    };
    const digest = await artifacts.putJson('unit', unit);
    const api = await artifacts.putJson('unit', { label });
    const snapshot = await artifacts.putJson('snapshot', {
      environment,
      units: [
        { kind: 'api', name: 'petstore', digest: api },
        { kind: 'environment', name: environment, digest },
      ],
    });
    const commit = fact.commit ?? randomBytes(20).toString('hex');
    const data: DataOf<typeof commitValidated> = {
      environment,
      source: 'apis',
      ref: 'refs/heads/main',
      commit,
      repository: 'http://127.0.0.1/apis.git',
      author: { name: 'Ada', email: 'ada@example.com' },
      message: label,
      writtenFor: null,
      snapshot,
      report: digest,
      counts: { errors: 0, warnings: 0, infos: 0 },
      changes: { total: 1, units: [{ change: 'changed', kind: 'api', name: 'petstore' }] },
      times: { detectedAt: new Date().toISOString(), validatedAt: new Date().toISOString() },
      ...fact,
    };
    const event = await publish(commitValidated, data);
    return { environment, commit, snapshot, event };
  };

  const agent = async (environment: string, gateway = 'edge') => {
    const created = new SimulatedAgent(new NatsGatewayStates(await connectAs('gateway-agent')), environment, gateway);
    agents.push(created);
    return created.start();
  };

  const heardOf = <Data>(definition: EventDefinition<Data>, environment: string) =>
    heard.filter(
      (event) => event.type === definition.type && event.subject.endsWith(`.${environment}`),
    ) as EventEnvelope<Data>[];

  /** The `count`th fact of this kind about an environment. */
  const hear = <Data>(
    definition: EventDefinition<Data>,
    environment: string,
    count = 1,
  ): Promise<EventEnvelope<Data>> =>
    waitFor(() => heardOf(definition, environment)[count - 1], {
      timeoutMs: 15_000,
      message: () =>
        `${definition.fact} number ${count} of ${environment}; heard ${heard
          .filter(({ subject }) => subject.endsWith(`.${environment}`))
          .map(({ type }) => type)
          .join(', ')}`,
    });

  const get = async (service: RunningService, path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${service.port}${path}`, { headers: { [INTERNAL_TOKEN_HEADER]: token } });

  const judge = (
    deployment: { deployment: string; environment: string; commit: string; snapshot: string },
    outcome: 'healthy' | 'regressed',
  ) => {
    const { deployment: id, environment, commit, snapshot } = deployment;
    const verdict: DataOf<typeof trafficJudged> = {
      environment,
      deployment: id,
      commit,
      snapshot,
      baseline: null,
      outcome,
      from: new Date().toISOString(),
      to: new Date().toISOString(),
      apis: [],
      evidence:
        outcome === 'healthy'
          ? []
          : [
              {
                rule: 'error-rate',
                severity: 'error',
                where: { object: 'Api/petstore' },
                message: 'petstore: 40 % errors, before 0 %',
              },
            ],
    };
    return publish(trafficJudged, verdict);
  };
  const environmentOf = async (service: RunningService, name: string) => {
    const body = listOf(environmentViewSchema).parse(await (await get(service, '/environments')).json());
    return body.items.find((each) => each.name === name);
  };
  const deploymentsOf = async (service: RunningService, name: string) =>
    listOf(deploymentViewSchema).parse(await (await get(service, `/deployments?environment=${name}`)).json()).items;

  return {
    postgres,
    nats,
    publish,
    connectAs,
    start,
    stop,
    push,
    agent,
    heardOf,
    hear,
    get,
    judge,
    environmentOf,
    deploymentsOf,
  };
}
