import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  auditEntrySchema,
  commandAcceptedSchema,
  deadLetterSchema,
  factPageSchema,
  listOf,
  problemDetailsSchema,
  statusViewSchema,
} from '@gitway/contracts';
import type { JetStreamBus } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import { readEvents } from './testing/read-events.ts';
import { commit, deployment, deploymentId, environment, incident, incidentId, source } from './testing/samples.ts';
import { actors, asOperator, asViewer, internalToken, tokens, useConsole } from './testing/use-console.ts';

const console_ = useConsole();
const { services } = console_;
let url: string;
let gitWatcher: JetStreamBus;

beforeAll(async () => {
  url = (await console_.start()).url;
  gitWatcher = await console_.busAs('git-watcher');
}, 120_000);
beforeEach(() => {
  for (const name of actors) {
    services[name].seen.length = 0;
    services[name].answer = () => ({ json: { items: [] } });
  }
  services.deployer.answer = ({ url: path }) => ({
    json: { items: path.startsWith('/deployments') ? [deployment('awaiting-approval')] : [environment('production')] },
  });
});

const get = (path: string, headers: Record<string, string> = asViewer) => fetch(url + path, { headers });
const post = (path: string, body: unknown, headers: Record<string, string> = asOperator) =>
  fetch(url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...headers, 'content-type': 'application/json' },
  });
const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return problemDetailsSchema.parse(await response.json());
};

const routes: { method: 'GET' | 'POST'; path: string; needs: 'read' | 'command' | 'audit'; body?: unknown }[] = [
  { method: 'GET', path: '/api/status', needs: 'read' },
  { method: 'GET', path: '/api/environments', needs: 'read' },
  { method: 'GET', path: '/api/deployments', needs: 'read' },
  { method: 'GET', path: '/api/sources', needs: 'read' },
  { method: 'GET', path: '/api/commits', needs: 'read' },
  { method: 'GET', path: `/api/commits/${commit}/report`, needs: 'read' },
  { method: 'GET', path: `/api/plans/${commit}?environment=production`, needs: 'read' },
  { method: 'GET', path: `/api/environments/production/plan?commit=${commit}`, needs: 'read' },
  { method: 'GET', path: '/api/apis?search=pets', needs: 'read' },
  { method: 'GET', path: '/api/apis/petstore', needs: 'read' },
  { method: 'GET', path: '/api/environments/production/units', needs: 'read' },
  { method: 'GET', path: '/api/traffic?environment=production', needs: 'read' },
  { method: 'GET', path: '/api/usage?environment=production&api=pets', needs: 'read' },
  { method: 'GET', path: '/api/incidents', needs: 'read' },
  { method: 'GET', path: `/api/incidents/${incidentId}`, needs: 'read' },
  { method: 'GET', path: '/api/deliveries', needs: 'read' },
  { method: 'GET', path: '/api/dead-letters', needs: 'read' },
  { method: 'GET', path: '/api/events/recent', needs: 'read' },
  { method: 'GET', path: '/api/events', needs: 'read' },
  { method: 'GET', path: '/api/audit', needs: 'audit' },
  { method: 'POST', path: '/api/environments/production/deploy', needs: 'command', body: { commit, reason: 'r' } },
  { method: 'POST', path: '/api/environments/production/rollback', needs: 'command', body: { reason: 'r' } },
  {
    method: 'POST',
    path: '/api/environments/production/approve',
    needs: 'command',
    body: { deployment: deploymentId, reason: 'r' },
  },
  { method: 'POST', path: '/api/dead-letters/1/replay', needs: 'command', body: { service: 'validator' } },
];

describe('who may come in', () => {
  const nobody: [string, Record<string, string>][] = [
    ['nobody', {}],
    ['a wrong token', { authorization: 'Bearer not-a-token-that-exists' }],
    ['the internal token', { authorization: `Bearer ${internalToken}`, 'gitway-internal-token': internalToken }],
    ['a token in the wrong scheme', { authorization: `Basic ${tokens.operator}` }],
  ];
  const send = async (route: (typeof routes)[number], headers: Record<string, string>) => {
    const abort = new AbortController();
    const response = await fetch(url + route.path, {
      method: route.method,
      headers: { ...headers, ...(route.body !== undefined && { 'content-type': 'application/json' }) },
      ...(route.body !== undefined && { body: JSON.stringify(route.body) }),
      signal: abort.signal,
    });
    return { response, end: () => abort.abort() };
  };

  it.each(routes)('$method $path is closed to strangers and follows the role', async (route) => {
    for (const [, headers] of nobody) {
      const { response } = await send(route, headers);
      expect(response.status).toBe(401);
      expect((await problemOf(response)).type).toBe('urn:gitway:problem:token-required');
    }
    const asked = services.deployer.seen.length;
    const viewer = await send(route, asViewer);
    if (route.needs === 'read') expect([401, 403]).not.toContain(viewer.response.status);
    else {
      expect(viewer.response.status).toBe(403);
      expect((await problemOf(viewer.response)).detail).toContain('vera is a viewer');
      expect(services.deployer.seen.length).toBe(asked);
    }
    viewer.end();
    const operator = await send(route, asOperator);
    expect([401, 403]).not.toContain(operator.response.status);
    operator.end();
  });

  it('has no route below /api that this table does not know', async () => {
    const { ReadController } = await import('./inbound/read.controller.ts');
    const { CommandController } = await import('./inbound/command.controller.ts');
    const { AuditController } = await import('./inbound/audit.controller.ts');
    const { EventsController } = await import('./inbound/events.controller.ts');
    const handlers = [ReadController, CommandController, AuditController, EventsController].flatMap((controller) =>
      Object.getOwnPropertyNames(controller.prototype).filter(
        (name) =>
          name !== 'constructor' &&
          Reflect.hasMetadata('path', (controller.prototype as unknown as Record<string, object>)[name]!),
      ),
    );
    expect(handlers).toHaveLength(routes.length);
  });

  it('opens health to everybody and metrics to nobody without the internal token', async () => {
    expect((await get('/health/live', {})).status).toBe(200);
    expect((await get('/health/ready', {})).status).toBe(200);
    expect((await get('/metrics', asOperator)).status).toBe(401);
    expect((await get('/metrics', { 'gitway-internal-token': internalToken })).status).toBe(200);
  });
});

describe('queries', () => {
  it('are asked of the service that owns the answer, with the internal token and never the token of the person', async () => {
    services.notifier.answer = () => ({ json: { items: [incident] } });
    const response = await get('/api/incidents?state=open&limit=3');
    expect(await response.json()).toEqual({ items: [incident] });
    const [seen] = services.notifier.seen;
    expect(seen?.url).toBe('/incidents?state=open&limit=3');
    expect(seen?.headers['gitway-internal-token']).toBe(internalToken);
    expect(JSON.stringify(seen?.headers)).not.toContain(tokens.viewer);
  });

  it('that are not well formed go nowhere', async () => {
    for (const path of [
      '/api/incidents?state=maybe',
      '/api/incidents?limit=100000',
      '/api/deployments?environment=../x',
      '/api/traffic',
      '/api/usage?environment=production',
      '/api/commits/main/report',
      '/api/plans/main',
      '/api/environments/production/plan',
      '/api/environments/production/plan?commit=main',
      '/api/environments/a%2Fb/plan?commit=main',
      `/api/incidents/${encodeURIComponent('../environments')}`,
      '/api/deployments?limit=5&colour=red',
    ]) {
      const response = await get(path);
      expect([path, response.status]).toEqual([path, 400]);
      await problemOf(response);
    }
    expect(actors.flatMap((name) => services[name].seen)).toEqual([]);
  });

  it('say which service is away, slow or wrong', async () => {
    services.validator.answer = () => 'hang';
    const late = await get('/api/commits');
    expect(late.status).toBe(503);
    expect((await problemOf(late)).detail).toContain('validator does not answer (no answer within 500 ms)');

    services.validator.answer = () => ({ json: { items: [{ commit: 'x' }] } });
    expect((await get('/api/commits')).status).toBe(500);
    services.validator.answer = () => ({ text: '<html>', type: 'text/html' });
    expect((await get('/api/commits')).status).toBe(500);
    services.validator.answer = () => ({ text: `[${'1,'.repeat(5_000_000)}1]` });
    expect((await get('/api/commits')).status).toBe(500);

    services.validator.answer = () => ({
      status: 404,
      json: { type: 'urn:gitway:problem:unknown-commit', title: 'x', status: 404, detail: 'never seen' },
    });
    expect(await problemOf(await get(`/api/commits/${commit}/report`))).toMatchObject({
      type: 'urn:gitway:problem:unknown-commit',
      status: 404,
      detail: 'never seen',
    });
  });

  it('give one status, whole where everything answers and in part where something is away', async () => {
    const ready = (path: string, items: unknown[]) => (request: { url: string }) => ({
      json: request.url === '/health/ready' ? { status: 'ready', checks: { nats: 'ok' } } : { items },
      status: request.url === '/health/ready' && path === 'sick' ? 503 : 200,
    });
    services.deployer.answer = ready('', [environment('staging')]);
    services['git-watcher'].answer = ready('', [source]);
    services.notifier.answer = ready('', [incident]);
    services.analytics.answer = () => ({
      status: 503,
      json: { status: 'not-ready', checks: { nats: 'ok', database: 'connection refused' } },
    });
    services.validator.answer = () => 'hang';
    const status = statusViewSchema.parse(await (await get('/api/status')).json());
    expect(status.environments).toEqual([environment('staging')]);
    expect(status.sources).toEqual([source]);
    expect(status.incidents).toEqual([incident]);
    expect(status.standings).toMatchObject([{ environment: 'staging', state: 'unknown' }]);
    const byName = Object.fromEntries(status.services.map(({ name, state: now, detail }) => [name, [now, detail]]));
    expect(byName['deployer']).toEqual(['ready', null]);
    expect(byName['analytics']).toEqual(['not-ready', 'database: connection refused']);
    expect(byName['validator']?.[0]).toBe('away');

    services.deployer.answer = () => ({ status: 500, text: 'boom', type: 'text/plain' });
    const partial = statusViewSchema.parse(await (await get('/api/status')).json());
    expect(partial.environments).toBeNull();
    expect(partial.standings).toBeNull();
    expect(partial.sources).toEqual([source]);
  });

  it('say how each environment stands to Git, also where its live commit is older than the newest deployments', async () => {
    const head = 'c'.repeat(40);
    const ref = 'refs/heads/main';
    const heads = [{ ref, commit: head, detectedAt: deployment('live').createdAt }];
    const newest = { ...deployment('waiting'), deployment: incidentId, commit: head, detail: 'soaks in staging' };
    services['git-watcher'].answer = () => ({ json: { items: [{ ...source, heads }] } });
    services.deployer.answer = ({ url: path }) => {
      if (path === '/environments') return { json: { items: [environment('production')] } };
      if (path === `/deployments/${deploymentId}`) return { json: { ...deployment('live'), cause: 'command' } };
      return { json: { items: [newest] } };
    };
    const status = statusViewSchema.parse(await (await get('/api/status')).json());
    expect(status.standings).toEqual([
      {
        environment: 'production',
        cause: 'command',
        head: { source: 'demo', ref, commit: head },
        state: 'behind',
        why: 'waiting',
        detail: 'soaks in staging',
      },
    ]);
  });
});

describe('commands', () => {
  it('become a fact and a line of the audit, with the name behind the token', async () => {
    const response = await post('/api/environments/production/rollback', { reason: '  latency doubled ' });
    expect(response.status).toBe(202);
    const accepted = commandAcceptedSchema.parse(await response.json());
    const reader = await readEvents(`${url}/api/events?after=${accepted.after}`, asViewer);
    const found = await waitFor(() => reader.facts.find(({ fact }) => fact.id === accepted.event));
    reader.close();
    expect(found.fact).toMatchObject({
      type: 'dev.gitway.rollback.requested.v1',
      subject: 'gitway.console.rollback-requested.production',
      correlationId: accepted.correlation,
      causationId: null,
      data: { environment: 'production', commit: null, reason: 'latency doubled', actor: 'ada' },
    });
    const audit = listOf(auditEntrySchema).parse(await (await get('/api/audit?limit=1', asOperator)).json());
    expect(audit.items).toMatchObject([
      { actor: 'ada', role: 'operator', action: 'rollback', environment: 'production', event: accepted.event },
    ]);
  });

  it('say what was asked for, each in its own fact', async () => {
    const sent = [
      ['/api/environments/production/deploy', { commit, reason: 'hotfix' }, 'deploy-requested'],
      ['/api/environments/production/rollback', { commit, reason: 'back' }, 'rollback-requested'],
      ['/api/environments/production/approve', { deployment: deploymentId, reason: 'yes' }, 'approval-granted'],
      ['/api/dead-letters/7/replay', { service: 'validator' }, 'replay-requested'],
    ] as const;
    for (const [path, body, fact] of sent) {
      const accepted = commandAcceptedSchema.parse(await (await post(path, body)).json());
      const page = await waitFor(async () => {
        const response = await get(`/api/events/recent?facts=${fact}&after=${accepted.after}`);
        const { items } = factPageSchema.parse(await response.json());
        return items.find((item) => item.fact.id === accepted.event);
      });
      const { service, ...rest } = body as { service?: string };
      expect(page.fact.data).toMatchObject({ ...rest, ...(service && { service, sequence: 7 }), actor: 'ada' });
    }
  });

  it('that can never come true are refused, with what is known', async () => {
    const before = listOf(auditEntrySchema).parse(await (await get('/api/audit', asOperator)).json()).items.length;
    const unknown = await post('/api/environments/prodution/rollback', { reason: 'r' });
    expect(await problemOf(unknown)).toMatchObject({ status: 404, detail: expect.stringContaining('production') });
    services.deployer.answer = () => ({ json: { items: [deployment('live')] } });
    const late = await post('/api/environments/production/approve', { deployment: deploymentId, reason: 'r' });
    expect(late.status).toBe(409);
    const bodies = [
      {},
      { reason: '' },
      { reason: 'x'.repeat(501) },
      { reason: 'r', commit: 'main' },
      { reason: 'r', force: true },
    ];
    for (const body of bodies) {
      expect((await post('/api/environments/production/rollback', body)).status).toBe(400);
    }
    expect((await post('/api/dead-letters/x/replay', { service: 'validator' })).status).toBe(400);
    expect((await post('/api/dead-letters/1/replay', { service: 'nobody' })).status).toBe(400);
    const after = listOf(auditEntrySchema).parse(await (await get('/api/audit', asOperator)).json()).items.length;
    expect(after).toBe(before);
  });

  it('are taken while the deployer is away, since the request waits for it', async () => {
    services.deployer.answer = () => 'hang';
    expect((await post('/api/environments/production/rollback', { reason: 'r' })).status).toBe(202);
  });
});

describe('dead letters', () => {
  it('are listed, newest first, and can be asked to be handled again', async () => {
    for (const [n, why] of [
      [1, 'first'],
      [2, 'second'],
    ] as const) {
      await gitWatcher.publish({
        subject: 'gitway.dead.git-watcher.rolled-back',
        id: `dead-${n}`,
        headers: {
          'gitway-service': 'git-watcher',
          'gitway-original-subject': 'gitway.deployer.rolled-back.production',
          'gitway-error-slug': 'broken',
          'gitway-error': why,
          'gitway-attempts': '5',
          'ce-id': `event-${n}`,
          'ce-type': 'dev.gitway.rolled.back.v1',
        },
        body: Buffer.from('{}'),
      });
    }
    const { items } = await waitFor(async () => {
      const page = listOf(deadLetterSchema).parse(await (await get('/api/dead-letters')).json());
      return page.items.length === 2 && page;
    });
    expect(items.map(({ error }) => error.message)).toEqual(['second', 'first']);
    expect(items[0]).toMatchObject({ service: 'git-watcher', attempts: 5, event: { id: 'event-2' } });
  });
});
