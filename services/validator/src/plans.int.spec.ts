import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  changePlanSchema,
  commitValidated,
  deployed,
  digestOf,
  planViewSchema,
  planViewsSchema,
  reportSchema,
  rolledBack,
  usageSummarised,
} from '@gitway/contracts';
import { BusFactPublisher, JetStreamBus } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import pg from 'pg';
import { api, liveFact, openApi, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();

interface Good {
  readonly commit: string;
  readonly snapshot: string;
  readonly report: string;
}

async function push(name: string, files: Record<string, string> = {}): Promise<Good> {
  const { id, commit } = await validator.push(zoo(name, files), { source: name });
  const [event] = await validator.caused(commitValidated, id);
  return { commit, snapshot: event!.data.snapshot, report: event!.data.report };
}

const deployer = async () => new BusFactPublisher(new JetStreamBus(await validator.messaging.connectAs('deployer')));
const revision = ({ commit, snapshot }: Good) => ({ commit, snapshot });

async function goLive(name: string, good: Good): Promise<void> {
  await (await deployer()).publish(deployed, liveFact(name, good));
  await untilLive(name, good);
}

/** The plan of what is live against itself is empty; any other is not. */
const untilLive = (name: string, good: Good) =>
  waitFor(async () => (await now(name, good.commit)).plan.before === good.snapshot);

const plansOf = async (commit: string, query = '') =>
  planViewsSchema.parse((await validator.get(`/commits/${commit}/plans${query}`)).body).items;
const now = async (environment: string, commit: string) =>
  planViewSchema.parse((await validator.get(`/environments/${environment}/plan?commit=${commit}`)).body);

const stricter = { 'policy.yaml': zoo('x')['policy.yaml']!.replace('60', '6') };

describe('the plan of a commit', () => {
  it('starts from nothing where nothing is live, is an artifact, and is named by commit and report', async () => {
    const good = await push('fresh');
    const [view] = await plansOf(good.commit);
    expect(view).toMatchObject({
      environment: 'fresh',
      current: true,
      plan: { before: null, after: good.snapshot, severity: 'widening' },
    });
    const artifacts = validator.artifacts();
    expect(await artifacts.getJson('plan', view!.digest, changePlanSchema)).toEqual(view!.plan);
    expect(view!.digest).toBe(digestOf(view!.plan));
    const report = await artifacts.getJson('report', good.report, reportSchema);
    expect(report.environments).toMatchObject([{ name: 'fresh', plan: view!.digest }]);
    const { items } = (await validator.get('/commits?source=fresh')).body as { items: { environments: unknown[] }[] };
    expect(items[0]!.environments).toMatchObject([{ name: 'fresh', plan: view!.digest }]);
  });

  it('is made against what is live, not against what was validated before', async () => {
    const first = await push('steady');
    await goLive('steady', first);
    await push('steady', { 'dogs.yaml': '# gone\n', 'dogs.openapi.yaml': '{}' });
    const third = await push('steady', { ...stricter, 'pets.openapi.yaml': openApi('Pets of the Zoo', 2) });
    const [view] = await plansOf(third.commit);
    expect(view).toMatchObject({
      current: true,
      plan: { before: first.snapshot, after: third.snapshot, units: { added: 0, changed: 1, removed: 0 } },
    });
    expect(view!.plan.changes.map(({ names: [name], says, severity }) => [name, says, severity])).toEqual([
      ['pets', 'limit 60 → 6 calls a minute for each consumer', 'restricting'],
      ['pets GET /things1', 'new', 'widening'],
      ['pets', expect.stringContaining('documentation'), 'neutral'],
    ]);
  });

  it('follows what goes live and what is rolled back, and is made anew when asked', async () => {
    const first = await push('moving');
    await goLive('moving', first);
    const second = await push('moving', stricter);
    await goLive('moving', second);
    expect((await plansOf(second.commit))[0]).toMatchObject({ current: false, plan: { before: first.snapshot } });
    expect((await now('moving', second.commit)).plan).toMatchObject({ severity: null, changes: [] });
    expect((await now('moving', first.commit)).plan.changes).toMatchObject([
      { says: 'limit 6 → 60 calls a minute for each consumer', severity: 'widening' },
    ]);
    await (
      await deployer()
    ).publish(rolledBack, {
      environment: 'moving',
      source: 'moving',
      ref: 'refs/heads/main',
      deployment: randomUUID(),
      from: revision(second),
      to: revision(first),
      reason: 'command',
      detail: 'asked for',
      decidedAt: new Date().toISOString(),
      reportedAt: new Date().toISOString(),
    });
    await untilLive('moving', first);
    expect((await plansOf(second.commit))[0]).toMatchObject({ current: true });
    const again = await now('moving', second.commit);
    expect(again.plan).toEqual((await plansOf(second.commit))[0]!.plan);
  });

  it('counts the APIs that a consumer plan opens, also when it is asked for later', async () => {
    const first = await push('opened');
    await goLive('opened', first);
    const second = await push('opened', { 'plan.yaml': zoo('x')['plan.yaml']!.replace('5', '50') });
    const reach = { apis: 1, operations: 2 };
    expect((await plansOf(second.commit))[0]!.plan.changes).toMatchObject([
      { kind: 'plan', severity: 'widening', reach },
    ]);
    expect((await now('opened', second.commit)).plan).toEqual((await plansOf(second.commit))[0]!.plan);
  });

  it('says who called what changes, as far back as that is known', async () => {
    const first = await push('used', { 'pets.openapi.yaml': openApi('Pets of the Zoo', 2) });
    await goLive('used', first);
    const unknown = await push('used', stricter);
    expect((await plansOf(unknown.commit))[0]!.plan.reach.traffic).toBeNull();
    const analytics = new BusFactPublisher(new JetStreamBus(await validator.messaging.connectAs('analytics')));
    const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const entry = { api: 'pets', operation: 'list0', errors: 0, lastAt: at(3) };
    await analytics.publish(usageSummarised, {
      environment: 'used',
      from: at(4),
      to: at(3),
      part: 1,
      parts: 1,
      entries: [
        { ...entry, consumer: 'acme', calls: 1_200 },
        { ...entry, consumer: null, calls: 4 },
        { ...entry, operation: null, consumer: 'globex', calls: 1 },
        { ...entry, api: 'dogs', consumer: 'acme', calls: 1_000_000 },
      ],
    });
    const heard = await waitFor(async () => {
      const { plan } = await now('used', unknown.commit);
      return plan.reach.traffic !== null && plan;
    });
    expect(heard.reach.traffic).toEqual({ days: 1, calls: 1_205, consumers: 2 });
    const [gone, limit] = heard.changes;
    expect(gone).toMatchObject({
      change: 'removed',
      kind: 'operation',
      reach: { traffic: { calls: 0, consumers: 0 } },
    });
    expect(limit).toMatchObject({ field: 'policy.rateLimits', reach: { traffic: { calls: 1_205 } } });
    const again = await push('used', {
      ...stricter,
      'dogs.yaml': api('dogs', '  visibility: public\n  plans: [free]\n'),
    });
    expect((await plansOf(again.commit))[0]!.plan.reach.traffic).toMatchObject({ calls: 1_205 });
  });

  it('says where there is none', async () => {
    const { id, commit } = await validator.push(zoo('refused', { 'pets.yaml': api('pets', '  polices: [x]\n') }), {
      source: 'refused',
    });
    await waitFor(async () => (await validator.get(`/commits/${commit}/report`)).status === 200);
    expect(id).toBeTruthy();
    expect(await plansOf(commit)).toEqual([]);
    const answer = await validator.get(`/commits/${commit}/plans?environment=refused`);
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining('refused for refused') } });
    expect((await validator.get(`/environments/refused/plan?commit=${commit}`)).status).toBe(404);
    expect((await validator.get(`/commits/${'0'.repeat(40)}/plans`)).status).toBe(404);
    expect((await validator.get('/environments/refused/plan')).status).toBe(400);
    expect((await validator.get(`/commits/${commit}/plans?environment=%00`)).status).toBe(400);
  });

  it('is not missed: a commit is judged all the same where the store has lost what is live', async () => {
    const first = await push('lost');
    await goLive('lost', first);
    const client = new pg.Client(validator.postgres.url());
    await client.connect();
    await client.query("UPDATE catalogue_states SET snapshot = $1 WHERE environment = 'lost' AND state = 'live'", [
      `sha256-${'0'.repeat(64)}`,
    ]);
    await client.end();
    const second = await push('lost', stricter);
    expect(await plansOf(second.commit)).toEqual([]);
    const answer = await validator.get(`/commits/${second.commit}/plans?environment=lost`);
    expect(answer).toMatchObject({ status: 404, body: { detail: expect.stringContaining('none was made') } });
  });
});
