import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  deployed,
  rolledBack,
  trafficJudged,
  trafficViewSchema,
  type TrafficView,
  usageSummarised,
} from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { calls, digest, useAnalytics } from './testing/use-analytics.ts';

const analytics = useAnalytics();

const commit = (letter: string) => letter.repeat(40);

function deployment(
  environment: string,
  from: string | null,
  to: string,
  windowMs = 60_000,
  minRequests = 20,
): DataOf<typeof deployed> {
  const now = new Date().toISOString();
  return {
    environment,
    source: 'shop',
    ref: 'refs/heads/main',
    commit: commit(to),
    deployment: randomUUID(),
    cause: 'commit',
    snapshot: digest(to),
    previous: from === null ? null : { commit: commit(from), snapshot: digest(from) },
    changes: { total: 0, units: [] },
    gateways: [{ name: 'edge', generation: 1, reportedAt: now }],
    analysis: { windowMs, minRequests },
    times: {},
  };
}

const stored = (environment: string) =>
  analytics
    .query<{ calls: string }>('SELECT coalesce(sum(calls), 0) AS calls FROM traffic_usage WHERE environment = $1', [
      environment,
    ])
    .then((rows) => Number(rows[0]!.calls));

const verdictsOf = async (id: string) =>
  (await analytics.events(trafficJudged)).filter(({ data }) => data.deployment === id);

const openIn = (environment: string) =>
  analytics.query<{ deployment: string }>(
    `SELECT deployment FROM judgement WHERE environment = $1 AND state = 'open'`,
    [environment],
  );

/** A deployment that the service has begun to observe. */
async function deploy(data: DataOf<typeof deployed>, story: { correlationId?: string } = {}) {
  const event = await analytics.state(deployed, data, story);
  await waitFor(async () => (await openIn(data.environment)).some(({ deployment: id }) => id === data.deployment));
  return event;
}

describe('a deployment', () => {
  it('that makes an API fail is judged regressed at once, with its evidence, in the story of its commit', async () => {
    await analytics.start();
    const environment = 'env-regressed';
    await analytics.ship(digest('a'), [...calls(80), ...calls(40, { api: 'orders' })], { environment });
    const event = await deploy(deployment(environment, 'a', 'b'), { correlationId: 'story-of-b' });
    await analytics.ship(digest('b'), [...calls(10, { status: 502 }), ...calls(40, { api: 'orders' })], {
      environment,
    });
    await waitFor(async () => (await stored(environment)) === 170);
    expect(await verdictsOf(event.data.deployment)).toEqual([]);
    await analytics.ship(digest('b'), calls(30, { status: 503, answeredBy: 'gateway' }), { environment });

    const [verdict] = await waitFor(async () => {
      const found = await verdictsOf(event.data.deployment);
      return found.length > 0 ? found : null;
    });
    expect(verdict).toMatchObject({ correlationId: 'story-of-b', causationId: event.id });
    expect(trafficJudged.data.parse(verdict!.data)).toMatchObject({
      environment,
      deployment: event.data.deployment,
      commit: commit('b'),
      snapshot: digest('b'),
      baseline: digest('a'),
      outcome: 'regressed',
      apis: [
        { api: 'petstore', after: { requests: 40, errors: 40 }, before: { requests: 80, errors: 0 } },
        { api: 'orders', after: { requests: 40, errors: 0 }, before: { requests: 40, errors: 0 } },
      ],
      evidence: [{ rule: 'error-rate-increased', where: { object: 'Api/petstore' } }],
    });

    // One verdict, whatever comes after it.
    await analytics.ship(digest('b'), calls(100, { status: 500 }), { environment });
    await waitFor(async () => (await stored(environment)) === 300);
    expect(await verdictsOf(event.data.deployment)).toHaveLength(1);
  });

  it('is compared with what was there before one that nobody judged', async () => {
    await analytics.start();
    const environment = 'env-passed-through';
    await analytics.ship(digest('a'), calls(50), { environment });
    await deploy(deployment(environment, 'a', 'b'));
    await analytics.ship(digest('b'), calls(5, { status: 503, answeredBy: 'gateway' }), { environment });
    const { data } = await deploy(deployment(environment, 'b', 'c'));
    await analytics.ship(digest('c'), calls(60, { status: 503, answeredBy: 'gateway' }), { environment });
    const [verdict] = await waitFor(
      async () => (await verdictsOf(data.deployment)).length > 0 && verdictsOf(data.deployment),
    );
    expect(verdict!.data).toMatchObject({
      outcome: 'regressed',
      baseline: digest('a'),
      apis: [{ after: { requests: 60, errors: 60 }, before: { requests: 50, errors: 0 } }],
    });
  });

  it('that changes nothing for the worse is judged healthy when its window is over', async () => {
    await analytics.start();
    const environment = 'env-healthy';
    await analytics.ship(digest('a'), calls(50), { environment });
    const { data } = await deploy(deployment(environment, 'a', 'b', 1_500));
    await analytics.ship(digest('b'), [...calls(50), ...calls(200, { status: 429, answeredBy: 'gateway' })], {
      environment,
    });
    const [verdict] = await waitFor(
      async () => (await verdictsOf(data.deployment)).length > 0 && verdictsOf(data.deployment),
    );
    expect(verdict!.data).toMatchObject({ outcome: 'healthy', apis: [{ after: { requests: 50, errors: 0 } }] });
  });

  it('that nobody calls is judged inconclusive, also when the service was down at the deadline', async () => {
    await analytics.start();
    const environment = 'env-inconclusive';
    const { data } = await deploy(deployment(environment, null, 'b', 500));
    await analytics.stop();
    // As if the job had been lost with its store: the sweep has to find the deadline.
    await analytics.query('DELETE FROM bullmq.job');
    await analytics.start();
    const [verdict] = await waitFor(
      async () => (await verdictsOf(data.deployment)).length > 0 && verdictsOf(data.deployment),
    );
    expect(verdict!.data).toMatchObject({
      outcome: 'inconclusive',
      baseline: null,
      evidence: [{ rule: 'no-traffic' }],
    });
  });

  it('that is superseded or rolled back, or that changed nothing, gets no verdict', async () => {
    await analytics.start();
    const environment = 'env-ended';
    const first = await deploy(deployment(environment, 'a', 'b', 700));
    const second = await deploy(deployment(environment, 'b', 'c', 700));
    const now = new Date().toISOString();
    await analytics.state(rolledBack, {
      environment,
      source: 'shop',
      ref: 'refs/heads/main',
      deployment: second.data.deployment,
      from: { commit: commit('c'), snapshot: digest('c') },
      to: { commit: commit('b'), snapshot: digest('b') },
      reason: 'command',
      detail: 'asked',
      decidedAt: now,
      reportedAt: now,
    });
    await waitFor(async () => (await openIn(environment)).length === 0);
    await analytics.state(deployed, deployment(environment, 'b', 'b', 700));
    // A marker that is judged after all of them would have been.
    const marker = await deploy(deployment('env-marker', null, 'd', 1_000));
    await waitFor(async () => (await verdictsOf(marker.data.deployment)).length === 1, { timeoutMs: 15_000 });
    const judged = (await analytics.events(trafficJudged)).filter(({ data }) => data.environment === environment);
    expect(judged).toEqual([]);
    const states = await analytics.query('SELECT state FROM judgement WHERE environment = $1 ORDER BY began_at', [
      environment,
    ]);
    expect(states).toEqual([{ state: 'superseded' }, { state: 'rolled-back' }]);
    expect(first.data.deployment).not.toBe(second.data.deployment);
  });
});

describe('traffic', () => {
  it('is counted once however often it is delivered, over a restart, and lost records are known', async () => {
    const environment = 'env-once';
    // Sent while the service is down.
    const batch = await analytics.ship(digest('a'), calls(7), { environment, epoch: 'same', sequence: 1, lost: 3 });
    await analytics.start();
    await waitFor(async () => (await stored(environment)) === 7);
    await analytics.stop();
    await analytics.start();
    await analytics.shipAgain(batch);
    await analytics.shipAgain(batch);
    await analytics.ship(digest('a'), calls(5), { environment, epoch: 'same', sequence: 2 });
    await analytics.ship(digest('a'), calls(2), { environment, epoch: 'other', sequence: 1 });
    await waitFor(async () => (await stored(environment)) >= 14);
    expect(await stored(environment)).toBe(14);
    const lost = await analytics.query('SELECT sum(lost)::int AS lost FROM traffic_batch WHERE environment = $1', [
      environment,
    ]);
    expect(lost).toEqual([{ lost: 3 }]);
  });

  it('is summarised per closed minute, each call once, also those that come late', async () => {
    await analytics.start();
    const environment = 'env-usage';
    const at = Date.now() - 180_000;
    const minute = at - (at % 60_000);
    const summaries = async () =>
      (await analytics.events(usageSummarised)).filter(({ data }) => data.environment === environment);
    await analytics.ship(
      digest('a'),
      [
        ...calls(3, { at: minute + 1 }),
        ...calls(1, { at: minute + 30_000, status: 500 }),
        ...calls(2, { at: minute + 2, consumer: null, operation: null }),
        ...calls(4, { at: minute, api: null, status: 404, answeredBy: 'gateway' }),
        ...calls(6), // Of a minute that is not over.
      ],
      { environment },
    );
    await waitFor(async () => (await summaries()).length > 0);
    await analytics.ship(digest('a'), calls(5, { at: minute + 3 }), { environment });
    await waitFor(async () => (await summaries()).length > 1);
    const [first, late, ...more] = await summaries();
    expect(more).toEqual([]);
    expect(first!.data).toEqual({
      environment,
      from: new Date(minute).toISOString(),
      to: new Date(minute + 60_000).toISOString(),
      part: 1,
      parts: 1,
      entries: [
        {
          api: 'petstore',
          operation: null,
          consumer: null,
          calls: 2,
          errors: 0,
          lastAt: new Date(minute + 2).toISOString(),
        },
        {
          api: 'petstore',
          operation: 'getPet',
          consumer: 'acme',
          calls: 4,
          errors: 1,
          lastAt: new Date(minute + 30_000).toISOString(),
        },
      ],
    });
    expect(late!.data.entries).toMatchObject([{ calls: 5, errors: 0 }]);
  });

  it('of many consumers is summarised in parts', async () => {
    await analytics.start();
    const environment = 'env-parts';
    const at = Date.now() - 180_000;
    const records = Array.from({ length: 450 }, (_, i) => calls(1, { at, consumer: `consumer-${i}` })).flat();
    await analytics.ship(digest('a'), records, { environment });
    const parts = await waitFor(async () => {
      const found = (await analytics.events(usageSummarised)).filter(({ data }) => data.environment === environment);
      return found.length === 3 && found;
    });
    expect(parts.map(({ data }) => [data.part, data.parts, data.entries.length])).toEqual([
      [1, 3, 200],
      [2, 3, 200],
      [3, 3, 50],
    ]);
    const consumers = parts.flatMap(({ data }) => data.entries.map(({ consumer }) => consumer));
    expect(new Set(consumers).size).toBe(450);
  });

  it('can be read per API, operation, consumer and status', async () => {
    await analytics.start();
    const environment = 'env-read';
    await analytics.ship(
      digest('a'),
      [
        ...calls(8, { totalMs: 10 }),
        ...calls(2, { totalMs: 500, operation: 'addPet', consumer: 'bravo', status: 500 }),
        ...calls(1, { status: 401, answeredBy: 'gateway', consumer: null }),
      ],
      { environment },
    );
    await waitFor(async () => (await stored(environment)) === 11);
    const { status, body } = await analytics.get(`/traffic?environment=${environment}&minutes=5`);
    expect(status).toBe(200);
    const view: TrafficView = trafficViewSchema.parse(body);
    expect(view.apis).toHaveLength(1);
    expect(view.apis[0]).toMatchObject({
      api: 'petstore',
      requests: 11,
      errors: 2,
      byStatus: { '2xx': 8, '4xx': 1, '5xx': 2 },
      consumers: [
        { consumer: 'acme', calls: 8 },
        { consumer: 'bravo', calls: 2 },
        { consumer: null, calls: 1 },
      ],
      operations: [
        { operation: 'addPet', requests: 2, errors: 2 },
        { operation: 'getPet', requests: 9, errors: 0 },
      ],
    });
    expect(view.apis[0]!.p50Ms).toBeGreaterThan(9.8);
    expect(view.apis[0]!.p50Ms).toBeLessThan(10.2);
    expect(view.apis[0]!.operations[0]!.p95Ms).toBeGreaterThan(490);

    expect((await analytics.get('/traffic?environment=No%20Such')).status).toBe(400);
    expect((await analytics.get(`/traffic?environment=${environment}&minutes=100000`)).status).toBe(400);
  });
});
