import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeConsole, token } from './testing/fake-console.ts';
import { runCli } from './testing/run-cli.ts';
import { commit, environment, older, status } from './testing/samples.ts';

const fake = new FakeConsole();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => {
  fake.reset();
  fake.answers = {
    '/api/environments': { items: [environment] },
    '/api/deployments': { items: [] },
    '/api/commits': { items: [] },
  };
});

const cli = (...args: string[]) => runCli(args, { env: { GITWAY_URL: fake.url, GITWAY_TOKEN: token } });

describe('an environment that nobody knows', () => {
  it.each([
    ['history', ['history', 'nowhere']],
    ['traffic', ['traffic', 'nowhere']],
    ['events', ['events', '-e', 'nowhere']],
    ['events --follow', ['events', '--follow', '-e', 'nowhere']],
  ])('%s names those that are known', async (_, args) => {
    fake.answers['/api/events/recent'] = { items: [] };
    const at = status.at;
    fake.answers['/api/traffic'] = { environment: 'nowhere', from: at, to: at, apis: [] };
    const result = await cli(...args);
    expect(result).toMatchObject({ exitCode: 1, out: '' });
    expect(result.err).toContain('There is no environment nowhere. Known: production.');
  });

  it('is not claimed of one where only nothing happened, nor while the deployer is away', async () => {
    expect((await cli('history', 'production')).out).toBe('No deployment of production yet.\n');
    fake.refusals['/api/environments'] = 503;
    expect(await cli('history', 'nowhere')).toMatchObject({ exitCode: 0, out: 'No deployment of nowhere yet.\n' });
  });
});

describe('gitway report', () => {
  const head = (ref: string, of: string, detectedAt: string) => ({ ref: `refs/heads/${ref}`, commit: of, detectedAt });
  const demo = {
    ...status.sources![0]!,
    heads: [head('main', commit, '2026-11-23T11:00:00.000Z'), head('old', older, '2026-11-23T10:00:00.000Z')],
  };
  const report = (of: string) => ({
    source: 'demo',
    commit: of,
    environments: [],
    findings: [],
    counts: { errors: 0, warnings: 1, infos: 0 },
  });

  beforeEach(() => {
    fake.answers['/api/sources'] = { items: [demo] };
    for (const each of [commit, older]) fake.answers[`/api/commits/${each}/report`] = report(each);
  });

  it('takes HEAD and branches for their newest commit', async () => {
    expect(await cli('report', 'HEAD')).toMatchObject({ exitCode: 0, out: '3f2a91c0: 0 errors, 1 warning\n' });
    expect((await cli('report', 'main')).out).toContain('3f2a91c0:');
    expect((await cli('report', 'refs/heads/old')).out).toContain('aa001111:');
    fake.answers['/api/sources'] = { items: [{ ...demo, heads: [head('beef', older, status.at)] }] };
    expect((await cli('report', 'beef')).out).toContain('aa001111:');
  });

  it('asks whose, where several sources have it', async () => {
    fake.answers['/api/sources'] = { items: [demo, { ...demo, name: 'shop', heads: [demo.heads[1]] }] };
    const which = await cli('report', 'HEAD');
    expect(which.exitCode).toBe(2);
    expect(which.err).toContain('HEAD may be of demo, shop. Say which: --source <name>.');
    expect((await cli('report', 'HEAD', '--source', 'shop')).out).toContain('aa001111:');
    expect((await cli('report', 'HEAD', '--source', 'none')).err).toContain('Known: demo, shop.');
  });

  it('says what it takes', async () => {
    const result = await cli('report', 'HEAD~1');
    expect(result.exitCode).toBe(1);
    expect(result.err).toContain(
      'HEAD~1 is neither a commit (at least its first 4 hex digits), nor HEAD, nor a branch',
    );
    expect((await cli('report', 'dddd')).err).toContain('Gitway knows no commit dddd.');
  });
});
