import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changePlanSchema, type ChangePlan, digestOf, type PlanView, type Report } from '@gitway/contracts';
import { FakeConsole, token } from './testing/fake-console.ts';
import { GitFolder } from './testing/git-folder.ts';
import { runCli } from './testing/run-cli.ts';
import { brokenApi, goodRepository } from './testing/sample-repository.ts';
import { commit, snapshot } from './testing/samples.ts';

const api = goodRepository['apis/pets/api.yaml']!;
const openApi = goodRepository['apis/pets/openapi.yaml']!;
interface Answer {
  readonly base: string | null;
  readonly items: { environment: string; plan: ChangePlan | null; why: string | null; refused: boolean }[];
}

describe('gitway plan of a folder', () => {
  const folders: GitFolder[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });
  function repository(files: Readonly<Record<string, string>> = goodRepository): GitFolder {
    const folder = new GitFolder();
    folders.push(folder);
    folder.commit(files);
    return folder;
  }
  const plan = (folder: GitFolder, ...args: string[]) => runCli(['plan', '--dir', '.', ...args], { cwd: folder.path });

  it('tells what the work tree changes against a revision, in each environment, most dangerous first', async () => {
    const folder = repository();
    folder.write({
      'apis/pets/api.yaml': api.replace('none', 'apiKey'),
      'apis/pets/openapi.yaml': openApi.replace('get:', 'post:'),
    });
    const { exitCode, out } = await plan(folder, '--base', 'main');
    expect(exitCode).toBe(0);
    expect(out.match(/^\S.*: 3 changes: 2 breaking, 1 neutral$/gm)).toEqual([
      'production: 3 changes: 2 breaking, 1 neutral',
      'staging: 3 changes: 2 breaking, 1 neutral',
    ]);
    expect(out).toContain(
      '~ API pets                  callers must identify themselves now: API key in header x-api-key',
    );
    expect(out).toContain('~ operation pets GET /pets  moved to POST /pets');
    expect(out).toContain('use not known');
  });

  it('compares with HEAD when no base is given, and says by its exit code whether something changes only when asked', async () => {
    const folder = repository();
    const same = await plan(folder, '--detailed-exitcode');
    expect(same).toMatchObject({ exitCode: 0, out: 'production: nothing changes\n\nstaging: nothing changes\n' });
    folder.write({ 'apis/pets/api.yaml': api.replace('/pets }', '/animals }') });
    expect((await plan(folder)).exitCode).toBe(0);
    expect((await plan(folder, '--detailed-exitcode')).exitCode).toBe(2);
  });

  it('answers as JSON, by the schema', async () => {
    const folder = repository();
    const base = folder.git('rev-parse', 'HEAD');
    folder.commit({ 'apis/pets/api.yaml': api.replace('/pets }', '/animals }') });
    const { out } = await plan(folder, '--base', 'HEAD~1', '-e', 'staging', '--json');
    const answer = JSON.parse(out) as Answer;
    expect(answer).toMatchObject({ version: 1, commit: null, base, items: [{ environment: 'staging', why: null }] });
    expect(changePlanSchema.parse(answer.items[0]!.plan).changes).toMatchObject([
      { field: 'route.basePath', from: '/pets', to: '/animals', severity: 'breaking' },
    ]);
  });

  it('makes a comment in which nothing that a file says is markup', async () => {
    const folder = repository();
    const hostile = '"@everyone <img src=x> [a](http://evil.example) `` | \\u202e #1"';
    folder.write({
      'apis/pets/api.yaml': api.replace(
        '{ name: pets }',
        `{ name: pets, annotations: { gitway.dev/owner: ${hostile} } }`,
      ),
    });
    const { out } = await plan(folder, '-e', 'staging', '--markdown');
    expect(out).toContain('### `staging`: 1 change: 1 neutral');
    expect(out).toContain('owner not set →');
    expect(out).not.toMatch(/@everyone|<img|\[a\]\(|http:\/\/|#1|\u202e/);
    const text = (await plan(folder, '-e', 'staging')).out;
    expect(text).not.toContain('\u202E');
  });

  it('says why there is no plan, and fails where the folder would be refused', async () => {
    const folder = repository({ ...goodRepository, 'apis/pets/api.yaml': brokenApi });
    folder.write({ 'apis/pets/api.yaml': api });
    expect(await plan(folder)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^production: no plan: HEAD \(\w{8}\) is refused there itself, with \d errors?\n/),
    });
    folder.commit({});
    folder.write({ 'apis/pets/api.yaml': brokenApi });
    const refused = await plan(folder, '--markdown');
    expect(refused).toMatchObject({
      exitCode: 1,
      out: expect.stringContaining('No plan for `production`: it would be refused, with 2 errors'),
    });
  });

  it('plans everything of an environment that is new, and leaves alone one that is no longer declared', async () => {
    const folder = repository();
    const [staging] = goodRepository['environment.yaml']!.split('---\n');
    folder.write({ 'environment.yaml': `${staging!}---\n${staging!.replace('staging', 'dev')}` });
    const answer = JSON.parse((await plan(folder, '--json')).out) as Answer;
    expect(answer.items).toMatchObject([
      { environment: 'dev', plan: { before: null, units: { added: 3 } } },
      { environment: 'production', plan: null, why: expect.stringContaining('no more') },
      { environment: 'staging', plan: { severity: null } },
    ]);
  });

  it.each([
    [['--base', 'nowhere'], 'nowhere is no commit of this repository'],
    [['--base', '--output=x'], '--output=x is no commit'],
    [['-e', 'nope'], 'Neither'],
    [['3f2a91c'], 'leave out the commit'],
    [['--as-judged'], 'leave out the commit'],
  ])('%j is refused with words', async (args, words) => {
    expect(await plan(repository(), ...args)).toMatchObject({ exitCode: 2, err: expect.stringContaining(words) });
  });
});

describe('gitway plan of a commit', () => {
  const fake = new FakeConsole();
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => fake.reset());
  const cli = (...args: string[]) => runCli(args, { env: { GITWAY_URL: fake.url, GITWAY_TOKEN: token } });

  const reach = {
    apis: 1,
    operations: 1,
    consumers: 3,
    anybody: false,
    gateways: 2,
    traffic: { days: 7, calls: 1_204, consumers: 3 },
  };
  const plan: ChangePlan = {
    format: 1,
    environment: 'production',
    before: snapshot,
    after: digestOf(1),
    units: { added: 0, changed: 1, removed: 0 },
    severity: 'breaking',
    counts: { breaking: 1, restricting: 0, unknown: 0, widening: 0, neutral: 0 },
    reach,
    changes: [
      {
        change: 'removed',
        kind: 'operation',
        names: ['pets DELETE /{id}\u001B[2J'],
        count: 1,
        field: null,
        from: null,
        to: null,
        says: 'gone from what the API declares',
        notice: 'callers',
        severity: 'breaking',
        takes: null,
        reach,
      },
    ],
    omitted: 0,
  };
  const view: PlanView = { commit, environment: 'production', digest: digestOf(plan), current: true, plan };
  const counts = { errors: 0, warnings: 0, infos: 0 };
  const report: Report = {
    source: 'demo',
    commit,
    environments: [
      { name: 'staging', snapshot: null, counts: { ...counts, errors: 2 } },
      { name: 'production', snapshot: digestOf(1), counts },
    ],
    findings: [],
    counts,
  };

  it('is asked of the console, against what is live now', async () => {
    fake.answers = {
      [`/api/commits/${commit}/report`]: report,
      '/api/environments/production/plan': view,
    };
    const { exitCode, out } = await cli('plan', commit, '-e', 'production');
    expect(exitCode).toBe(0);
    expect(out).toContain('production: 1 change: 1 breaking');
    expect(out).toContain('1 API, 1 operation, 3 consumers, 2 gateways; 1,204 calls by 3 consumers in 7 days');
    expect(out).not.toContain('\u001B');
    expect(fake.asked.at(-1)).toMatchObject({ path: '/api/environments/production/plan' });
    expect(fake.asked.at(-1)!.query.get('commit')).toBe(commit);
    expect((await cli('plan', commit, '-e', 'production', '--detailed-exitcode')).exitCode).toBe(2);
  });

  it('or against what was live when it was judged', async () => {
    fake.answers = { [`/api/commits/${commit}/report`]: report, [`/api/plans/${commit}`]: { items: [view] } };
    const { exitCode, out } = await cli('plan', commit, '--as-judged', '--json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      commit,
      base: null,
      items: [
        { environment: 'production', plan: { severity: 'breaking' } },
        {
          environment: 'staging',
          plan: null,
          refused: true,
          why: expect.stringContaining('refused there, with 2 errors'),
        },
      ],
    });
  });

  it('fails for a commit that was never judged, and an environment that it says nothing of', async () => {
    expect((await cli('plan', commit)).exitCode).toBe(1);
    fake.answers = { [`/api/commits/${commit}/report`]: report };
    expect(await cli('plan', commit, '-e', 'nope')).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('staging, production'),
    });
  });
});
