import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  commitRejected,
  commitValidated,
  deployed,
  type Finding,
  reportSchema,
  rolledBack,
  subjectOf,
  usageSummarised,
  usageViewSchema,
} from '@gitway/contracts';
import { BusFactPublisher, encodeEvent, JetStreamBus } from '@gitway/messaging';
import { waitFor } from '@gitway/testing';
import { api, liveFact, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();

type Files = Record<string, string>;

const operation = (path: string, method: string, id: string, extra = '') =>
  `  ${path}:\n    ${method}: { operationId: ${id}, ${extra}responses: { '200': { description: ok } } }\n`;
const document = (...operations: string[]): Files => ({
  'pets.openapi.yaml': `openapi: 3.0.3\ninfo: { title: Pets, version: 1.0.0 }\npaths:\n${operations.join('')}`,
});
const list = operation('/pets', 'get', 'listPets');
const feed = operation('/feed', 'post', 'feedPets');
const count = operation('/count', 'get', 'countPets');

const publisher = async (user: 'deployer' | 'analytics') =>
  new BusFactPublisher(new JetStreamBus(await validator.messaging.connectAs(user)));

interface Good {
  readonly commit: string;
  readonly snapshot: string;
}

async function validated(name: string, files: Files, writtenFor: string | null = null): Promise<Good> {
  const { id, commit } = await validator.push(zoo(name, files), { source: name, writtenFor });
  const [event] = await validator.caused(commitValidated, id);
  return { commit, snapshot: event!.data.snapshot };
}

async function findingsOf(commit: string): Promise<Finding[]> {
  const report = reportSchema.parse((await validator.get(`/commits/${commit}/report`)).body);
  return report.findings.filter(({ rule }) => rule.startsWith('api-') || rule.startsWith('gateway-'));
}

async function rejected(name: string, files: Files): Promise<Finding[]> {
  const { id, commit } = await validator.push(zoo(name, files), { source: name });
  const [event] = await validator.caused(commitRejected, id);
  expect(event!.data.environments).toEqual([name]);
  return findingsOf(commit);
}

async function isLive(name: string, commit: string): Promise<void> {
  await waitFor(async () => {
    const { body } = await validator.get(`/apis?environment=${name}`);
    return JSON.stringify((body as { environments: { live: unknown }[] }).environments[0]?.live).includes(commit);
  });
}

async function goLive(name: string, good: Good, at = new Date()): Promise<void> {
  const data = liveFact(name, good);
  const id = randomUUID();
  const bus = new JetStreamBus(await validator.messaging.connectAs('deployer'));
  await bus.publish(
    encodeEvent({
      id,
      type: deployed.type,
      source: '/gitway/deployer',
      subject: subjectOf(deployed, data),
      time: at.toISOString(),
      correlationId: id,
      causationId: null,
      traceparent: null,
      data,
    }),
  );
  await isLive(name, good.commit);
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

interface Calls {
  operation?: string | null;
  consumer?: string | null;
  calls: number;
}

async function used(name: string, calls: readonly Calls[]): Promise<void> {
  const entries = calls.map((entry) => ({
    api: 'pets',
    operation: 'feedPets',
    consumer: 'acme',
    errors: 1,
    lastAt: minutesAgo(3),
    ...entry,
  }));
  const analytics = await publisher('analytics');
  const minute = { environment: name, from: minutesAgo(4), to: minutesAgo(3), part: 1, parts: 1 };
  await analytics.publish(usageSummarised, { ...minute, entries });
  await waitFor(async () => (await usageOf(name)).knownSince !== null);
}

const usageOf = async (name: string) =>
  usageViewSchema.parse((await validator.get(`/usage?environment=${name}&api=pets`)).body);

/** Known for long: the window is covered. */
async function knownForLong(name: string): Promise<void> {
  const analytics = await publisher('analytics');
  const day = 24 * 60;
  await analytics.publish(usageSummarised, {
    environment: name,
    from: minutesAgo(20 * day),
    to: minutesAgo(20 * day - 1),
    part: 1,
    parts: 1,
    entries: [
      { api: 'pets', operation: 'listPets', consumer: 'acme', calls: 1, errors: 0, lastAt: minutesAgo(20 * day) },
    ],
  });
  await waitFor(
    async () => Date.parse((await usageOf(name)).knownSince ?? minutesAgo(0)) < Date.now() - 19 * day * 60_000,
  );
}

describe('a commit that takes an operation away from what is live', () => {
  it('is refused where it is called, with who calls and how often; warned of where it is not', async () => {
    await goLive('used', await validated('used', document(list, feed, count)));
    await knownForLong('used');
    await used('used', [
      { calls: 1_000 },
      { consumer: 'globex', calls: 200 },
      { consumer: 'initech', calls: 4 },
      { operation: 'listPets', calls: 99 },
    ]);
    const found = await rejected('used', document(list));
    expect(found.map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
      'error api-path-removed-without-deprecation',
      'warning api-path-removed-without-deprecation',
    ]);
    expect(found[0]!.message).toContain(
      '`POST /feed`: 1,204 calls by 3 consumers (acme, globex, initech) in 7 days, the last one at ',
    );
    expect(found[0]!.where).toMatchObject({ file: 'pets.openapi.yaml', range: { line: 3 }, object: 'Api/pets' });
    expect(found[1]!.message).toContain('`GET /count`: no calls in 7 days.');

    const unused = await validated('used', document(list, feed));
    expect(await findingsOf(unused.commit)).toMatchObject([{ severity: 'warning' }]);
  });

  it('says that it does not know where no usage was ever heard of, and compares nothing where nothing is live', async () => {
    const first = await validated('quiet', document(list, feed));
    expect(await findingsOf((await validated('quiet', document(list))).commit)).toEqual([]);
    await goLive('quiet', first);
    const [found] = await findingsOf((await validated('quiet', document(list))).commit);
    expect(found).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('is not known: no usage of quiet has been heard of yet'),
    });
  });

  it('is compared with what is live, and not with what was validated last', async () => {
    await goLive('base', await validated('base', document(list, feed)));
    await used('base', [{ calls: 5 }]);
    await rejected('base', document(list));
    // Still the base, although two commits came since.
    expect(await rejected('base', document(list, count))).toHaveLength(1);
  });

  it('passes when Gitway wrote it, or when it goes back to what was live a moment ago', async () => {
    const first = await validated('back', document(list));
    await goLive('back', first);
    await goLive('back', await validated('back', document(list, feed)));
    await used('back', [{ calls: 5 }]);
    const back = await validated('back', document(list));
    expect(await findingsOf(back.commit)).toMatchObject([
      { severity: 'info', message: expect.stringContaining('It goes back to what was live until') },
    ]);
    const other = document(list.replace('listPets', 'listAllPets'));
    await rejected('back', other);
    const own = await validated('back', other, randomUUID());
    expect((await findingsOf(own.commit))[0]?.message).toContain('Gitway wrote this commit itself');
  });

  it('is refused as well once the operation, or its API, goes by another name', async () => {
    await goLive('named', await validated('named', document(list, feed)));
    await used('named', [{ calls: 5 }, { operation: 'listPets', calls: 7 }]);
    // The two change names with each other.
    const swapped = [list.replace('listPets', 'feedPets'), feed.replace('feedPets', 'listPets')];
    await goLive('named', await validated('named', document(...swapped)));
    expect((await rejected('named', document(swapped[0]!)))[0]!.message).toContain(
      '`POST /feed`: 5 calls by 1 consumer',
    );

    const animals = {
      'pets.yaml': api('animals', '  visibility: public\n  policies: [limited]\n', '/pets').replace(
        './animals',
        './pets',
      ),
    };
    await goLive('named', await validated('named', { ...document(...swapped), ...animals }));
    const found = await rejected('named', { ...document(swapped[0]!), ...animals });
    expect(found[0]!.message).toContain('`POST /feed`: 5 calls by 1 consumer');
  });

  it('follows a rollback: the base is what was brought back', async () => {
    const first = await validated('rolled', document(list, feed));
    await goLive('rolled', first);
    const second = await validated('rolled', document(list, feed, count));
    await goLive('rolled', second);
    await (
      await publisher('deployer')
    ).publish(rolledBack, {
      environment: 'rolled',
      source: 'rolled',
      ref: 'refs/heads/main',
      deployment: randomUUID(),
      from: second,
      to: first,
      reason: 'verdict',
      detail: 'worse',
      decidedAt: minutesAgo(0),
      reportedAt: minutesAgo(0),
    });
    await isLive('rolled', first.commit);
    const without = document(list, feed, operation('/other', 'get', 'other'));
    expect(await findingsOf((await validated('rolled', without)).commit)).toEqual([]);
  });

  it('passes when its deprecation was served where it is live', async () => {
    const old = operation('/feed', 'post', 'feedPets', 'deprecated: true, ');
    await goLive('young', await validated('young', document(list, old)));
    await used('young', [{ calls: 5 }]);
    expect((await rejected('young', document(list)))[0]?.message).toContain('It has been deprecated here only since');

    await goLive('served', await validated('served', document(list, old)), daysAgo(40));
    // What interrupts a deprecation for two days is a mistake, and no new beginning.
    await goLive('served', await validated('served', document(list, feed)), daysAgo(20));
    await goLive('served', await validated('served', document(list, old)), daysAgo(18));
    await used('served', [{ calls: 5 }]);
    await goLive('served', await validated('served', document(list, old, count)));
    const [found] = await findingsOf((await validated('served', document(list, count))).commit);
    expect(found).toMatchObject({
      severity: 'info',
      message: expect.stringContaining('It has been deprecated here since'),
    });
  });
});

describe('a commit that closes an API at the gateway', () => {
  it('is refused when it is called: another base path, or no API at all', async () => {
    await goLive('moved', await validated('moved', document(list)));
    await used('moved', [{ operation: 'listPets', consumer: null, calls: 7 }]);
    const moved = {
      ...document(list),
      'pets.yaml': api('pets', '  visibility: public\n  policies: [limited]\n', '/animals'),
    };
    expect(await rejected('moved', moved)).toMatchObject([
      {
        rule: 'gateway-route-removed',
        severity: 'error',
        message: expect.stringContaining('The API: 7 calls by callers without a name'),
        where: { file: 'pets.yaml' },
      },
    ]);
    expect(await rejected('moved', { 'pets.yaml': '', 'pets.openapi.yaml': '' })).toMatchObject([
      { rule: 'gateway-api-removed', severity: 'error', where: { object: 'Api/pets' } },
    ]);
  });
});

describe('usage', () => {
  it('adds up by day, once for each fact, and forgets what is too old', async () => {
    const analytics = await publisher('analytics');
    const minute = { environment: 'sums', to: minutesAgo(3), part: 1, parts: 1 };
    const entry = { api: 'pets', operation: null, consumer: null, calls: 2, errors: 1, lastAt: minutesAgo(3) };
    const far = minutesAgo(60 * 24 * 400);
    await analytics.publish(usageSummarised, { ...minute, from: far, entries: [{ ...entry, lastAt: far }] });
    await analytics.publish(usageSummarised, { ...minute, from: minutesAgo(4), entries: [entry, entry] });
    await analytics.publish(usageSummarised, { ...minute, from: minutesAgo(4), entries: [entry] });
    const view = await waitFor(async () => {
      const usage = await usageOf('sums');
      return usage.items[0]?.calls === 6 && usage;
    });
    expect(view).toMatchObject({ truncated: false, items: [{ operation: null, consumer: null, errors: 3 }] });
    expect((await validator.get('/usage?environment=sums')).status).toBe(400);
  });
});
