import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  driftDetected,
  driftResolved,
  incidentOpened,
  incidentViewSchema,
  notificationFailed,
  pinLifted,
  revertCommitted,
  rolledBack,
  sourceFailed,
  sourceRecovered,
  trafficJudged,
} from '@gitway/contracts';
import { encodeEvent } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import { useNotifier } from './testing/use-notifier.ts';
import type { Received } from './testing/webhook-receiver.ts';

const notifier = useNotifier();

const secret = 'a-secret-shared-with-the-receiver';
const digest = (letter: string) => `sha256-${letter.repeat(64)}`;
const commit = (letter: string) => letter.repeat(40);
const now = () => new Date().toISOString();
const channel = (url: string, over: object = {}) => ({ name: 'ops', type: 'webhook', url, secret, ...over });
const factsOf = (received: Received[]) => received.map(({ event }) => event.type.replace('dev.gitway.', ''));

let counter = 0;
const newName = (what: string) => `${what}-${++counter}`;

const drift = (environment: string, id = randomUUID()): DataOf<typeof driftDetected> => ({
  environment,
  gateway: 'edge',
  drift: id,
  action: 'heal',
  fields: [{ path: 'file haproxy.cfg', desired: 'a', live: 'b' }],
});
const healed = (environment: string, id: string): DataOf<typeof driftResolved> => ({
  environment,
  gateway: 'edge',
  drift: id,
  how: 'healed',
  durationMs: 5,
});

async function incidentsOf(environment: string | null) {
  const { body } = await notifier.get('/incidents?limit=200');
  const views = (body as { items: unknown[] }).items.map((item) => incidentViewSchema.parse(item));
  return views.filter((view) => view.environment === environment);
}

describe('a bad deployment', () => {
  it('is one incident from the verdict to the lifted pin, told in order, signed, within its story', async () => {
    const environment = newName('env');
    const receiver = await notifier.receiver();
    await notifier.start([channel(receiver.url, { environments: [environment] })]);
    const deployment = randomUUID();
    const verdict = await notifier.state(trafficJudged, {
      environment,
      deployment,
      commit: commit('b'),
      snapshot: digest('b'),
      baseline: digest('a'),
      outcome: 'regressed',
      from: now(),
      to: now(),
      apis: [],
      evidence: [
        { rule: 'error-rate-increased', severity: 'error', where: { object: 'Api/petstore' }, message: '90 % failed.' },
      ],
    });
    await waitFor(() => receiver.received.length === 1);
    await notifier.state(rolledBack, {
      environment,
      source: 'shop',
      ref: 'refs/heads/main',
      deployment,
      from: { commit: commit('b'), snapshot: digest('b') },
      to: { commit: commit('a'), snapshot: digest('a') },
      reason: 'verdict',
      detail: 'traffic got worse',
      decidedAt: now(),
      reportedAt: now(),
    });
    await waitFor(() => receiver.received.length === 3);
    await notifier.state(revertCommitted, {
      source: 'shop',
      environment,
      ref: 'refs/heads/main',
      commit: commit('c'),
      reverted: commit('b'),
      restored: commit('a'),
    });
    await waitFor(() => receiver.received.length === 4);
    await notifier.state(pinLifted, {
      environment,
      by: { commit: commit('c'), snapshot: digest('a') },
      bad: digest('b'),
    });
    await waitFor(() => receiver.received.length === 5);

    expect(factsOf(receiver.received).filter((fact) => fact.startsWith('incident'))).toEqual([
      'incident.opened.v1',
      'incident.updated.v1',
      'incident.updated.v1',
      'incident.resolved.v1',
    ]);
    expect(factsOf(receiver.received)).toContain('rolled.back.v1');
    for (const { headers, body } of receiver.received) {
      const id = headers['webhook-id'] as string;
      const timestamp = headers['webhook-timestamp'] as string;
      const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${expected}`);
      expect(headers['content-type']).toMatch(/^application\/cloudevents\+json/);
      expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
    }
    const opened = receiver.received[0]!.event;
    expect(opened).toMatchObject({
      specversion: '1.0',
      source: '/gitway/notifier',
      correlationid: verdict.correlationId,
      causationid: verdict.id,
      data: { environment, severity: 'critical', state: 'open', entries: 1 },
    });

    const [incident, ...others] = await incidentsOf(environment);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ severity: 'critical', state: 'resolved' });
    expect(incident!.timeline.map(({ event }) => event.type)).toEqual([
      trafficJudged.type,
      rolledBack.type,
      revertCommitted.type,
      pinLifted.type,
    ]);
    expect((await notifier.get(`/incidents/${incident!.incident}`)).body).toEqual(incident);
    expect((await notifier.get(`/incidents/${randomUUID()}`)).status).toBe(404);
    expect((await notifier.get('/incidents/nonsense')).status).toBe(400);
  });
});

describe('incidents', () => {
  it('are one per environment and topic, whatever is delivered twice, and a new one after they were resolved', async () => {
    await notifier.start([]);
    const environment = newName('env');
    const first = await notifier.state(driftDetected, drift(environment));
    // NATS would drop a copy with the same id; this is what a redelivery after a lost acknowledgement looks like.
    await notifier.publish({ ...encodeEvent(first), id: randomUUID() });
    await notifier.state(driftDetected, { ...drift(environment), gateway: 'other' });
    await notifier.state(driftDetected, drift(environment));
    await waitFor(async () => (await incidentsOf(environment)).some(({ timeline }) => timeline.length === 2));
    expect((await incidentsOf(environment)).map(({ timeline }) => timeline.length).sort((a, b) => a - b)).toEqual([
      1, 2,
    ]);
    await notifier.state(driftResolved, healed(environment, first.data.drift));
    await waitFor(async () => (await incidentsOf(environment)).some(({ state }) => state === 'resolved'));
    await notifier.state(driftDetected, drift(environment));
    await waitFor(async () => (await incidentsOf(environment)).length === 3);
    const open = (await notifier.get('/incidents?state=open')).body as { items: { environment: string }[] };
    expect(open.items.filter((item) => item.environment === environment)).toHaveLength(2);
  });

  it('are opened by a message that a service gave up on', async () => {
    await notifier.start([]);
    await notifier.publish({
      subject: 'gitway.dead.validator.commit-detected',
      id: randomUUID(),
      headers: {
        'gitway-service': 'validator',
        'gitway-original-subject': 'gitway.git-watcher.commit-detected.shop',
        'gitway-error-slug': 'tree-corrupt',
        'gitway-error': 'the tree is corrupt',
        'gitway-attempts': '7',
        'ce-id': 'event-1',
        'ce-type': 'dev.gitway.commit.detected.v1',
      },
      body: Buffer.from('{}'),
    });
    const [incident] = await waitFor(async () => {
      const found = (await incidentsOf(null)).filter(({ title }) => title.startsWith('validator'));
      return found.length > 0 && found;
    });
    expect(incident).toMatchObject({ severity: 'major', state: 'open' });
    expect(incident!.timeline[0]!.text).toContain('the tree is corrupt (tree-corrupt)');
  });
});

describe('deliveries', () => {
  it('are tried again under the same id until they are taken, and later facts of the incident wait for them', async () => {
    const environment = newName('env');
    const receiver = await notifier.receiver();
    receiver.answerWith(() => ({ status: receiver.received.length < 2 ? 503 : 200, body: 'later' }));
    await notifier.start([channel(receiver.url, { environments: [environment] })]);
    const { data } = await notifier.state(driftDetected, drift(environment));
    await notifier.state(driftResolved, healed(environment, data.drift));
    await waitFor(() => receiver.received.length === 4);
    expect(factsOf(receiver.received)).toEqual([
      'incident.opened.v1',
      'incident.opened.v1',
      'incident.opened.v1',
      'incident.resolved.v1',
    ]);
    expect(new Set(receiver.received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const { items } = await waitFor(async () => {
      const list = (await notifier.get('/deliveries?limit=2')).body as { items: { state: string; attempts: number }[] };
      return list.items.every(({ state }) => state === 'delivered') && list;
    });
    expect(items.map(({ attempts }) => attempts)).toEqual([1, 3]);
  });

  it('that nobody takes are given up, said once, and keep nothing else back', async () => {
    const environment = newName('env');
    const [deaf, hanging, good] = [await notifier.receiver(), await notifier.receiver(), await notifier.receiver()];
    const name = newName('deaf');
    deaf.answerWith(() => ({ status: 302, headers: { location: good.url } }));
    hanging.answerWith(() => 'hang');
    await notifier.start(
      [
        channel(deaf.url, { name, facts: ['incident-*', 'notification-failed'] }),
        channel(hanging.url, { name: 'hanging', environments: [environment] }),
        channel(good.url, { name: 'good', facts: ['incident-*', 'notification-failed'] }),
      ],
      { GITWAY_DELIVERY_ATTEMPTS: '2', GITWAY_DELIVERY_TIMEOUT: '200ms' },
    );
    const { data } = await notifier.state(driftDetected, drift(environment));
    const failures = async () =>
      (await notifier.events(notificationFailed)).filter((event) => [name, 'hanging'].includes(event.data.channel));
    await waitFor(async () => (await failures()).length === 2);
    await notifier.state(driftResolved, healed(environment, data.drift));
    await waitFor(async () => (await failures()).length === 4);
    const stated = (await failures()).map((event) => event.data);
    expect(stated.filter((each) => each.channel === name)).toMatchObject([
      { attempts: 2, reason: expect.stringContaining('302') as unknown, event: { type: incidentOpened.type } },
      { attempts: 2 },
    ]);
    expect(stated.find((each) => each.channel === 'hanging')!.reason).toContain('no answer within 200 ms');
    // The good channel heard of the incident and of the failures; redirects led nobody to it; and there it ends.
    await waitFor(() => good.received.length >= 6);
    await waitFor(async () => {
      const [row] = await notifier.query<{ open: string }>(
        `SELECT count(*) AS open FROM delivery WHERE state = 'pending'`,
      );
      return Number(row!.open) === 0;
    });
    expect(factsOf(good.received).sort()).toEqual([
      'incident.opened.v1',
      'incident.resolved.v1',
      ...Array.from({ length: 4 }, () => 'notification.failed.v1'),
    ]);
    expect(await failures()).toHaveLength(4);
    expect((await incidentsOf(environment)).map(({ state }) => state)).toEqual(['resolved']);
  });

  it('survive a restart, and the loss of every job', async () => {
    const source = newName('source');
    const receiver = await notifier.receiver();
    receiver.answerWith(() => ({ status: 500 }));
    const channels = [channel(receiver.url, { name: newName('channel') })];
    await notifier.start(channels, { GITWAY_DELIVERY_BACKOFF: '1s' });
    await notifier.state(sourceFailed, {
      source,
      repository: 'https://git.example/shop',
      reason: 'refused',
      failures: 3,
    });
    await waitFor(() => receiver.received.length === 1);
    await waitFor(async () => {
      const rows = await notifier.query(`SELECT 1 FROM delivery WHERE state = 'pending' AND last_error IS NOT NULL`);
      return rows.length === 1;
    });
    await notifier.stop();
    await notifier.query('DELETE FROM bullmq.job');
    await notifier.query('DELETE FROM bullmq.scheduler');
    await notifier.state(sourceRecovered, { source, repository: 'https://git.example/shop', failures: 3 });
    receiver.answerWith(() => ({ status: 200 }));
    await notifier.start(channels, { GITWAY_SWEEP_INTERVAL: '300ms' });
    await waitFor(() => receiver.received.length === 3);
    expect(factsOf(receiver.received)).toEqual(['incident.opened.v1', 'incident.opened.v1', 'incident.resolved.v1']);
    expect(receiver.received[1]!.headers['webhook-id']).toBe(receiver.received[0]!.headers['webhook-id']);
  });

  it('carry what PostgreSQL cannot hold', async () => {
    const source = newName('nul');
    const receiver = await notifier.receiver();
    await notifier.start([channel(receiver.url, { name: newName('channel'), facts: ['source-failed'] })]);
    const reason = 'a NUL \0 and half a pair \ud800';
    await notifier.state(sourceFailed, { source, repository: 'r', reason, failures: 1 });
    await waitFor(() => receiver.received.length === 1);
    expect(receiver.received[0]!.event.data['reason']).toContain('a NUL \0 and half');
    await waitFor(async () => (await incidentsOf(null)).some(({ title }) => title.includes(source)));
  });

  it('to a channel that is not configured any more are given up at once', async () => {
    const environment = newName('env');
    const receiver = await notifier.receiver();
    receiver.answerWith(() => ({ status: 500 }));
    const name = newName('gone');
    await notifier.start([channel(receiver.url, { name, environments: [environment] })], {
      GITWAY_DELIVERY_BACKOFF: '1s',
    });
    await notifier.state(driftDetected, drift(environment));
    await waitFor(() => receiver.received.length === 1);
    await notifier.stop();
    await notifier.start([], { GITWAY_SWEEP_INTERVAL: '300ms' });
    const failure = await waitFor(async () =>
      (await notifier.events(notificationFailed)).find((event) => event.data.channel === name),
    );
    expect(failure.data.reason).toContain('not configured any more');
  });
});
