import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  commitRejected,
  commitValidated,
  commitViewSchema,
  listOf,
  reportSchema,
  snapshotDigest,
  snapshotSchema,
  unitSchema,
} from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { api, environment, openApi, shop, zoo } from './testing/files.ts';
import { useValidator } from './testing/use-validator.ts';

const validator = useValidator();
beforeEach(() => validator.forgetOwners());

describe('a good commit', () => {
  it('is stated for each environment, with its units, its snapshot and what it changes', async () => {
    const first = await validator.push(shop(), { source: 'good' });
    const [production, staging] = (await validator.caused(commitValidated, first.id, 2)).sort((a, b) =>
      a.data.environment < b.data.environment ? -1 : 1,
    );
    expect(staging?.data).toMatchObject({
      environment: 'staging',
      source: 'good',
      ref: 'refs/heads/main',
      commit: first.commit,
      author: { name: 'Ada' },
      counts: { errors: 0, warnings: 0, infos: 0 },
    });
    expect(staging?.data.times).toMatchObject({ detectedAt: expect.any(String), validatedAt: expect.any(String) });
    expect(staging?.data.changes.units).toContainEqual({ change: 'added', kind: 'api', name: 'pets' });
    expect(production?.data.environment).toBe('production');
    expect(await validator.eventsOf(commitRejected, first.id)).toEqual([]);

    const artifacts = validator.artifacts();
    const snapshot = await artifacts.getJson('snapshot', staging!.data.snapshot, snapshotSchema);
    expect(snapshotDigest(snapshot)).toBe(staging!.data.snapshot);
    expect(snapshot.units.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'api dogs',
      'api pets',
      'environment staging',
      'gateway edge',
    ]);
    for (const { digest, kind } of snapshot.units)
      expect((await artifacts.getJson('unit', digest, unitSchema)).kind).toBe(kind);

    const files = { ...shop(), 'apis/pets.yaml': api('pets', '  policy: { timeout: { request: 3s } }\n') };
    const second = await validator.push(files, { source: 'good' });
    for (const { data } of await validator.caused(commitValidated, second.id, 2)) {
      expect(data.changes).toEqual({ total: 1, units: [{ change: 'changed', kind: 'api', name: 'pets' }] });
    }
  });

  it('can be asked for, with its report', async () => {
    const { id, commit } = await validator.push(
      { ...shop(), 'apis/pets.openapi.yaml': openApi('Pets').replace('operationId: list0, ', '') },
      { source: 'asked' },
    );
    await validator.caused(commitValidated, id, 2);
    const { items } = listOf(commitViewSchema).parse((await validator.get('/commits?limit=5&source=asked')).body);
    expect(items).toMatchObject([
      {
        commit,
        counts: { errors: 0, warnings: 1 },
        environments: [
          { name: 'production', outcome: 'validated' },
          { name: 'staging', outcome: 'validated' },
        ],
      },
    ]);
    const report = reportSchema.parse((await validator.get(`/commits/${commit}/report`)).body);
    expect(report.findings).toMatchObject([
      {
        rule: 'openapi-operation-id',
        severity: 'warning',
        where: { file: 'apis/pets.openapi.yaml', range: { line: 5 } },
      },
    ]);
    expect((await validator.get(`/commits/${'0'.repeat(40)}/report`)).status).toBe(404);
    expect((await validator.get('/commits?limit=0')).status).toBe(400);
  });
});

describe('a bad commit', () => {
  it.each([
    [
      'not YAML',
      { 'apis/pets.yaml': api('pets').replace('basePath: /pets', 'basePath: [') },
      'yaml-syntax',
      'apis/pets.yaml',
      10,
      3,
    ],
    ['not even recognisable', { 'apis/pets.yaml': 'kind: Api\n  x: [\n' }, 'unreadable-file', 'apis/pets.yaml', 1, 7],
    [
      'an unknown field',
      { 'apis/pets.yaml': api('pets', '  polices: [x]\n') },
      'unknown-field',
      'apis/pets.yaml',
      15,
      3,
    ],
    [
      'a missing file',
      { 'apis/pets.yaml': api('pets').replace('pets.openapi', 'pet.openapi') },
      'missing-file',
      'apis/pets.yaml',
      7,
      12,
    ],
    [
      'OpenAPI that does not parse',
      { 'apis/pets.openapi.yaml': 'openapi: 3.0.3\ninfo: { title: X\npaths: {}\n' },
      'openapi-syntax',
      'apis/pets.openapi.yaml',
      3,
      1,
    ],
    [
      'OpenAPI that is none',
      { 'apis/pets.openapi.yaml': 'openapi: 3.0.3\ninfo: { title: X, version: "1" }\npaths: []\n' },
      'openapi-structure',
      'apis/pets.openapi.yaml',
      3,
      8,
    ],
    [
      'two APIs on one route',
      { 'apis/pets.yaml': api('pets', '', '/dogs') },
      'route-conflict',
      'apis/pets.yaml',
      9,
      15,
    ],
    [
      'an upstream URL that is none',
      { 'apis/pets.yaml': api('pets').replace('http://pets', 'pets') },
      'upstream-url',
      'apis/pets.yaml',
      14,
      18,
    ],
  ])('with %s is refused, told with file, line, column and what to do', async (_, change, rule, file, line, column) => {
    const { id, commit } = await validator.push({ ...shop(), ...change }, { source: 'bad' });
    const [event] = await validator.caused(commitRejected, id);
    expect(event?.data).toMatchObject({ source: 'bad', commit, environments: ['production', 'staging'] });
    const finding = event!.data.findings.find((each) => each.rule === rule);
    expect(finding).toMatchObject({ severity: 'error', where: { file, range: { line, column } } });
    expect(finding?.message).toMatch(/\S.*[.!?)]$/);
    expect(finding?.hint).toMatch(/\S/);
    expect(await validator.eventsOf(commitValidated, id)).toEqual([]);
    expect((await validator.artifacts().getJson('report', event!.data.report, reportSchema)).commit).toBe(commit);
  });

  it('refuses only the environment that it does not compile for', async () => {
    const files = {
      ...shop(),
      'apis/pets.yaml': api('pets').replace('pets.internal', '${host}'),
      'staging.yaml': environment('staging', '  variables: { host: a }\n'),
    };
    const { id } = await validator.push(files, { source: 'half' });
    expect((await validator.caused(commitRejected, id))[0]?.data.environments).toEqual(['production']);
    expect((await validator.caused(commitValidated, id)).map(({ data }) => data.environment)).toEqual(['staging']);
  });

  it('refuses a commit that deletes everything', async () => {
    const { id } = await validator.push({}, { source: 'empty' });
    const [event] = await validator.caused(commitRejected, id);
    expect(event?.data).toMatchObject({ environments: [], findings: [{ rule: 'no-environment' }] });
  });

  it('tells at most 50 of its findings, errors first, and keeps them all', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`apis/a${index}.yaml`, api(`a${index}`)]),
    );
    const { id, commit } = await validator.push(
      { ...shop(), ...files, 'apis/pets.openapi.yaml': openApi('Pets', 9).replaceAll('operationId', 'x-id') },
      { source: 'many' },
    );
    const [event] = await validator.caused(commitRejected, id);
    expect(event?.data.counts).toEqual({ errors: 60, warnings: 9, infos: 0 });
    expect(event?.data.findings).toHaveLength(50);
    expect(new Set(event?.data.findings.map(({ severity }) => severity))).toEqual(new Set(['error']));
    const report = reportSchema.parse((await validator.get(`/commits/${commit}/report`)).body);
    expect(report.findings).toHaveLength(69);
  });
});

describe('order and loss', () => {
  it('records an older commit that comes late, and states nothing about it', async () => {
    const now = Date.now();
    const newer = await validator.push(shop(), { source: 'late', detectedAt: new Date(now) });
    await validator.caused(commitValidated, newer.id, 2);
    const older = await validator.push(
      { ...shop(), 'apis/pets.openapi.yaml': openApi('Older') },
      { source: 'late', detectedAt: new Date(now - 1_000) },
    );
    const after = await validator.push(
      { ...shop(), 'apis/pets.openapi.yaml': openApi('Newest') },
      { source: 'late', detectedAt: new Date(now + 1_000) },
    );
    await validator.caused(commitValidated, after.id, 2);
    expect(await validator.eventsOf(commitValidated, older.id)).toEqual([]);
    const { items } = listOf(commitViewSchema).parse((await validator.get('/commits?source=late')).body);
    expect(items.map(({ commit }) => commit)).toEqual([after.commit, newer.commit, older.commit]);
  });

  it('waits for content that is not in the store yet instead of judging half a commit', async () => {
    const files = { ...shop(), 'apis/pets.yaml': api('pets', '  # only here\n') };
    const { id } = await validator.push(files, { source: 'slow', without: ['apis/pets.yaml'] });
    const other = await validator.push(zoo('quick'), { source: 'quick' });
    await validator.caused(commitValidated, other.id);
    expect(await validator.eventsOf(commitRejected, id)).toEqual([]);
    await validator.putBlobs({ 'apis/pets.yaml': files['apis/pets.yaml'] });
    expect(await validator.caused(commitValidated, id, 2)).toHaveLength(2);
    expect(await validator.eventsOf(commitRejected, id)).toEqual([]);
  });

  it('shares commits with a second replica: each is judged once', async () => {
    await validator.start();
    const pushed: string[] = [];
    for (let index = 0; index < 12; index++) {
      const files = { ...shop(), 'apis/pets.openapi.yaml': openApi(`Pets ${index}`) };
      pushed.push((await validator.push(files, { source: 'replicas' })).id);
    }
    await validator.caused(commitValidated, pushed.at(-1)!, 2);
    await waitFor(async () => {
      const body = listOf(commitViewSchema).parse((await validator.get('/commits?source=replicas')).body);
      return body.items.length === 12;
    });
    for (const id of pushed) expect((await validator.eventsOf(commitValidated, id)).length).toBeLessThanOrEqual(2);
  });

  it('goes on after Postgres was killed, with nothing lost', async () => {
    await validator.postgres.kill();
    const { id } = await validator.push(
      { ...shop(), 'apis/pets.openapi.yaml': openApi('After') },
      { source: 'killed' },
    );
    await validator.postgres.restart();
    expect(await validator.caused(commitValidated, id, 2)).toHaveLength(2);
  });
});
