import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  apiViewsSchema,
  catalogueViewSchema,
  commitRejected,
  commitValidated,
  type DataOf,
  deployed,
  rolledBack,
  subjectOf,
} from '@gitway/contracts';
import { BusFactPublisher, encodeEvent, JetStreamBus } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import { api, liveFact, openApi, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();

interface Good {
  readonly commit: string;
  readonly snapshot: string;
}

async function push(name: string, files: Record<string, string> = {}): Promise<Good> {
  const { id, commit } = await validator.push(zoo(name, files), { source: name });
  const [event] = await validator.caused(commitValidated, id);
  return { commit, snapshot: event!.data.snapshot };
}

const deployerBus = async () => new JetStreamBus(await validator.messaging.connectAs('deployer'));
const deployer = async () => new BusFactPublisher(await deployerBus());

/** States `deployed` as of another time than now. */
async function stateDeployed(data: DataOf<typeof deployed>, time: Date): Promise<void> {
  const id = randomUUID();
  const message = {
    id,
    type: deployed.type,
    source: '/gitway/deployer',
    subject: subjectOf(deployed, data),
    time: time.toISOString(),
    correlationId: id,
    causationId: null,
    traceparent: null,
    data,
  };
  await (await deployerBus()).publish(encodeEvent(message));
}

const list = async (query: string) => catalogueViewSchema.parse((await validator.get(`/apis?${query}`)).body);
const read = async (name: string, where: string) =>
  apiViewsSchema.parse((await validator.get(`/apis/${name}?environment=${where}`)).body).items[0]!;
/** The environment, once its live state is of this commit. */
const liveAt = (name: string, commit: string) =>
  waitFor(async () => {
    const view = await list(`environment=${name}`);
    return view.environments[0]?.live?.commit === commit && view;
  });

const withFeed = { 'pets.openapi.yaml': openApi('Pets of the Zoo', 2) };

describe('the catalogue', () => {
  it('has a commit as soon as it is stated to be valid, and says that nothing of it is live', async () => {
    const { commit, snapshot } = await push('first');
    // No wait: what is stated was written in the same transaction.
    const view = await list('environment=first');
    expect(view).toMatchObject({ total: 2, next: null });
    expect(view.items.map(({ name, state, shows }) => [name, state, shows])).toEqual([
      ['dogs', 'not-live', 'validated'],
      ['pets', 'not-live', 'validated'],
    ]);
    expect(view.items[1]).toMatchObject({
      environment: 'first',
      title: 'Pets of the Zoo',
      version: '1.0.0',
      lifecycle: 'active',
      visibility: 'public',
      labels: { tier: 'public' },
      exposure: { hosts: [], basePath: '/pets' },
      policy: { auth: 'API key in header x-api-key', rateLimit: '60 calls a minute for each consumer' },
      operations: 1,
      since: { commit },
    });
    expect(view.environments).toMatchObject([
      {
        name: 'first',
        live: null,
        validated: { commit, snapshot, source: 'first' },
        apis: 0,
        newer: { added: 2, changed: 0, removed: 0 },
        lastRevision: { commit, author: { name: 'Ada' }, changes: { counts: { added: 2 } } },
      },
    ]);
    const dogs = await read('dogs', 'first');
    expect(dogs.plans).toEqual([{ name: 'free', rateLimit: '5 calls a second for each consumer' }]);
    expect(dogs.api.operations.map(({ id, opens }) => [id, opens])).toEqual([
      ['list0', 'consumers of plan free'],
      ['list1', 'consumers of plan free'],
    ]);
  });

  it('follows what is live, and tells what is newer and waits', async () => {
    const facts = await deployer();
    const first = await push('moving');
    await facts.publish(deployed, liveFact('moving', first));
    expect((await liveAt('moving', first.commit)).items.map(({ state }) => state)).toEqual(['live', 'live']);

    const second = await push('moving', {
      ...withFeed,
      'dogs.yaml': '',
      'cats.yaml': api('cats'),
      'cats.openapi.yaml': openApi('Cats'),
    });
    const waiting = await list('environment=moving');
    expect(waiting.items.map(({ name, state, operations }) => [name, state, operations])).toEqual([
      ['cats', 'not-live', 1],
      ['dogs', 'leaving', 2],
      ['pets', 'newer-waits', 1],
    ]);
    expect(waiting.environments[0]).toMatchObject({
      live: { commit: first.commit },
      validated: { commit: second.commit },
      apis: 2,
      operations: 3,
      newer: { added: 1, changed: 1, removed: 1 },
    });
    const pets = await read('pets', 'moving');
    expect(pets).toMatchObject({
      state: 'newer-waits',
      shows: 'live',
      api: { since: { commit: first.commit }, operationCount: 1 },
      next: { api: { since: { commit: second.commit }, operationCount: 2 } },
    });
    expect(pets.next?.changes.operations).toMatchObject([{ change: 'added', operation: { path: '/things1' } }]);

    await facts.publish(deployed, liveFact('moving', second));
    const now = await liveAt('moving', second.commit);
    expect(now.items.map(({ name, state }) => [name, state])).toEqual([
      ['cats', 'live'],
      ['pets', 'live'],
    ]);
    const after = await read('pets', 'moving');
    expect(after).toMatchObject({ state: 'live', next: null, api: { since: { commit: second.commit } } });
    expect(after.history.map(({ commit, change }) => [commit, change.change])).toEqual([
      [second.commit, 'changed'],
      [first.commit, 'added'],
    ]);
    expect((await validator.get('/apis/dogs?environment=moving')).status).toBe(404);
  });

  it('brings back what was forgotten when it is rolled back, and takes no older fact for the newest', async () => {
    const facts = await deployer();
    const first = await push('back');
    await facts.publish(deployed, liveFact('back', first));
    await liveAt('back', first.commit);
    const second = await push('back', withFeed);
    await facts.publish(deployed, liveFact('back', second));
    await liveAt('back', second.commit);
    await facts.publish(rolledBack, {
      environment: 'back',
      source: 'back',
      ref: 'refs/heads/main',
      deployment: randomUUID(),
      from: second,
      to: first,
      reason: 'verdict',
      detail: 'worse',
      decidedAt: new Date().toISOString(),
      reportedAt: new Date().toISOString(),
    });
    const view = await liveAt('back', first.commit);
    expect(view.items.map(({ name, state, operations }) => [name, state, operations])).toEqual([
      ['dogs', 'live', 2],
      ['pets', 'newer-waits', 1],
    ]);
    // A late fact about the revision that was live before states nothing: all is since the rollback, as it was.
    const since = (await read('pets', 'back')).api.since;
    await stateDeployed(liveFact('back', second), new Date(Date.now() - 60_000));
    const again = new Date(Date.now() + 1_000);
    await stateDeployed(liveFact('back', first), again);
    await waitFor(async () => (await list('environment=back')).environments[0]?.live?.at === again.toISOString());
    expect((await read('pets', 'back')).api.since).toEqual(since);
    // The same content again, by a commit that reverts: live as it stands, and nothing waits.
    const third = await push('back');
    expect((await list('environment=back')).items.map(({ state }) => state)).toEqual(['live', 'live']);
    expect((await read('pets', 'back')).api.since.commit).toBe(first.commit);
    expect(third.snapshot).toBe(first.snapshot);
  });

  it('keeps what it has when a commit is refused', async () => {
    const good = await push('steady');
    const bad = await validator.push(zoo('steady', { 'pets.yaml': api('pets', '  nonsense: 1\n') }), {
      source: 'steady',
    });
    await validator.caused(commitRejected, bad.id);
    const view = await list('environment=steady');
    expect(view.items).toHaveLength(2);
    expect(view.environments[0]?.validated?.commit).toBe(good.commit);
  });

  it('tells a plan that changes, and a commit that changes nothing is no revision', async () => {
    await push('plans');
    const plan = zoo('plans')['plan.yaml']!;
    const changed = await push('plans', { 'plan.yaml': plan.replace('requests: 5', 'requests: 9') });
    const same = await push('plans', {
      'plan.yaml': plan.replace('requests: 5', 'requests: 9'),
      'README.md': 'words',
    });
    const [state] = (await list('environment=plans')).environments;
    expect(state).toMatchObject({
      validated: { commit: same.commit },
      lastRevision: {
        commit: changed.commit,
        changes: {
          apis: [],
          plans: [
            {
              plan: 'free',
              change: 'changed',
              from: '5 calls a second for each consumer',
              to: '9 calls a second for each consumer',
            },
          ],
        },
      },
    });
  });

  it('survives what a document may hold', async () => {
    const name = 'hostile';
    await push(name, {
      'pets.openapi.yaml': openApi('"nul \\0 in it"').replace('list0', '"a%_\\\\b\\0"'),
    });
    expect((await list(`environment=${name}&search=%25_%5C`)).items).toMatchObject([
      { name: 'pets', matches: [{ method: 'GET', path: '/things0', live: false }] },
    ]);
    expect((await list(`environment=${name}&search=%25`)).items).toHaveLength(1);
    expect((await list(`environment=${name}&search='%3B--`)).items).toEqual([]);
  });
});

describe('a search', () => {
  it('goes by name first, then title, owner and labels, then operations; in any case', async () => {
    await push('search', withFeed);
    const names = async (query: string) =>
      (await list(`environment=search&${query}`)).items.map(({ name, matches }) => [name, matches.map(({ id }) => id)]);
    expect(await names('search=PETS')).toEqual([['pets', []]]);
    expect(await names('search=of%20the%20zoo')).toEqual([['pets', []]]);
    expect(await names('search=tier%3Dpublic')).toHaveLength(2);
    expect(await names('search=GET%20/pets/things1')).toEqual([['pets', ['list1']]]);
    expect(await names('search=List1')).toEqual([
      ['dogs', ['list1']],
      ['pets', ['list1']],
    ]);
    expect(await names('search=nothing')).toEqual([]);
  });

  it('is filtered and paged', async () => {
    await push('pages');
    const names = async (query: string) => (await list(`environment=pages&${query}`)).items.map(({ name }) => name);
    expect(await names('visibility=public')).toEqual(['pets']);
    expect(await names('visibility=internal&lifecycle=active&state=not-live')).toEqual(['dogs']);
    expect(await names('lifecycle=retired')).toEqual([]);
    expect(await names('label=tier%3Dpublic')).toEqual(['dogs', 'pets']);
    expect(await names('label=tier,team%3Dpets')).toEqual([]);
    const first = await list('environment=pages&limit=1');
    expect(first).toMatchObject({ items: [{ name: 'dogs' }], total: 2, next: 1 });
    expect(await list('environment=pages&limit=1&offset=1')).toMatchObject({ items: [{ name: 'pets' }], next: null });
    expect(await list('environment=pages&offset=7')).toMatchObject({ items: [], total: 2, next: null });
    for (const bad of ['limit=0', 'limit=201', 'lifecycle=dead', 'nonsense=1', `search=${'x'.repeat(201)}`])
      expect((await validator.get(`/apis?${bad}`)).status).toBe(400);
    expect((await validator.get('/apis/UPPER')).status).toBe(400);
    expect((await list('environment=nowhere')).environments).toEqual([]);
  });
});
