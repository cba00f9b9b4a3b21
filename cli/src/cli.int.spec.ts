import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { tempDir, waitFor } from '@gitway/testing';
import { FakeConsole, token } from './testing/fake-console.ts';
import { runCli, startCli } from './testing/run-cli.ts';
import { commit, deployment, deploymentId, environment, fact, older, status } from './testing/samples.ts';

const fake = new FakeConsole();
const folder = tempDir();
beforeAll(() => fake.start());
afterAll(() => fake.stop());
beforeEach(() => {
  fake.reset();
  fake.answers = {
    '/api/status': status,
    '/api/environments': { items: [environment] },
    '/api/deployments': { items: [deployment] },
    '/api/commits': { items: [] },
  };
});

const env = () => ({ GITWAY_URL: fake.url, GITWAY_TOKEN: token });
const cli = (...args: string[]) => runCli(args, { env: env() });

describe('gitway status', () => {
  it('is for people, or with --json for programs', async () => {
    const shown = await cli('status');
    expect(shown).toMatchObject({ exitCode: 0, err: '' });
    expect(shown.out).toContain('production');
    const json = await cli('status', '--json');
    expect(JSON.parse(json.out)).toEqual(status);
  });

  it('has colours only where they are wanted', async () => {
    const colored = await runCli(['status'], { env: env(), color: true });
    expect(colored.out).toContain('\u001B[');
    expect((await runCli(['status', '--no-color'], { env: env(), color: true })).out).not.toContain('\u001B[');
    expect((await cli('status')).out).not.toContain('\u001B[');
  });
});

describe('where the console is', () => {
  it('is found from the platform that runs from this folder or one above it', async () => {
    const deep = join(folder.path(), 'a', 'b');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(folder.path(), '.gitway'));
    writeFileSync(join(folder.path(), '.gitway', 'cli.json'), JSON.stringify({ url: fake.url, token }));
    expect((await runCli(['status'], { cwd: deep })).exitCode).toBe(0);
  });

  it('never sends the local token to another URL', async () => {
    const before = fake.asked.length;
    const other = await runCli(['status', '--url', 'http://127.0.0.1:1'], { cwd: folder.path() });
    expect(other.exitCode).toBe(2);
    expect(other.err).toContain('A token is needed for http://127.0.0.1:1');
    expect(fake.asked.length).toBe(before);
  });

  it.each([
    ['not running', ['status'], {}, 4, 'No Gitway is running from this folder'],
    ['not reachable', ['status'], { GITWAY_URL: 'http://127.0.0.1:1', GITWAY_TOKEN: 'x' }, 4, 'cannot be reached'],
    ['no URL', ['status'], { GITWAY_URL: 'localhost', GITWAY_TOKEN: 'x' }, 2, 'must look like'],
    ['credentials in it', ['status'], { GITWAY_URL: 'http://u:pw@h', GITWAY_TOKEN: 'x' }, 2, 'no credentials'],
  ])('%s is said clearly', async (_, args, variables, exitCode, words) => {
    const result = await runCli(args, { env: variables });
    expect(result.exitCode).toBe(exitCode);
    expect(result.err).toContain(words);
    expect(result.err).not.toContain('pw');
  });

  it('says that a token is wrong, and never prints it', async () => {
    const result = await cli('status', '--token', 'secret-but-wrong');
    expect(result).toMatchObject({ exitCode: 1, out: '' });
    expect(result.err).toContain('does not know this token');
    expect(result.err).not.toContain('secret-but-wrong');
  });

  it('does not wait for ever', async () => {
    fake.silent = true;
    const result = await cli('status', '--request-timeout', '50ms');
    expect(result).toMatchObject({ exitCode: 4, out: '' });
    expect(result.err).toContain('did not answer within 0.05 s');
  });
});

describe('gitway events', () => {
  it('prints what happened', async () => {
    fake.answers['/api/events/recent'] = { items: [{ sequence: '1', fact: fact('deployed', { commit }) }] };
    const shown = await cli('events', '--fact', 'deployed', 'rolled-back', '-e', 'production', '-n', '7');
    expect(shown.out).toMatch(/deployed +production +3f2a91c0 is live/);
    const { query } = fake.asked.at(-1)!;
    expect(Object.fromEntries(query)).toEqual({ limit: '7', facts: 'deployed,rolled-back', environment: 'production' });
  });

  it('follows, and comes back where a broken line ended: nothing lost, nothing told twice', async () => {
    fake.state(fact('deployed', { n: 1 }));
    const running = startCli(['events', '--follow', '--since', '0', '--json'], { env: env() });
    const seen = () =>
      running
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { sequence: string }).sequence);
    await waitFor(() => seen().length === 1);
    fake.breakStreams();
    fake.state(fact('deployed', { n: 2 }));
    fake.state(fact('deployed', { n: 3 }));
    await waitFor(() => seen().length === 3);
    await waitFor(() => fake.readers === 1);
    fake.state(fact('deployed', { n: 4 }));
    await waitFor(() => seen().length === 4);
    expect(seen()).toEqual(['1', '2', '3', '4']);
    expect(
      fake.asked
        .filter(({ path }) => path === '/api/events')
        .at(-1)!
        .query.get('after'),
    ).toBe('1');
    running.interrupt();
    expect(await running.exitCode).toBe(0);
    await waitFor(() => fake.readers === 0);
  });

  it('tells an outage once, and when it is over', async () => {
    fake.state(fact('deployed', { n: 1 }));
    const running = startCli(['events', '--follow', '--since', '0'], { env: env() });
    await waitFor(() => running.out() !== '');
    fake.away = true;
    fake.breakStreams();
    const tries = () => fake.asked.filter(({ path }) => path === '/api/events').length;
    await waitFor(() => tries() >= 3);
    fake.away = false;
    await waitFor(() => running.err().includes('Connected again.'));
    expect(running.err().split('The line broke')).toHaveLength(2);
    expect(running.err().split('Connected again.')).toHaveLength(2);
    running.interrupt();
    expect(await running.exitCode).toBe(0);
  });

  it('ends at once when it is refused', async () => {
    expect((await cli('events', '--follow', '--token', 'wrong-token')).exitCode).toBe(1);
    expect((await cli('events', '--since', 'yesterday')).exitCode).toBe(2);
  });
});

describe('commands that change something', () => {
  it('wait until it is so, and say it', async () => {
    fake.onCommand = (_, { correlation }) => {
      fake.state(fact('deployment-planned', { commit, cause: 'command', gateways: ['edge'] }, correlation));
      fake.state(fact('deployed', { commit, cause: 'command' }, correlation));
    };
    const result = await cli('deploy', 'production', '3f2a91c', '--reason', 'hotfix');
    expect(result.exitCode).toBe(0);
    expect(result.out).toBe('✔ production serves 3f2a91c0, read back from every gateway\n');
    expect(result.err).toContain('deployment-planned');
    const command = fake.asked.find(({ method }) => method === 'POST');
    expect(command).toMatchObject({ path: '/api/environments/production/deploy', body: { commit, reason: 'hotfix' } });
  });

  it('end with 1 when a gateway refuses', async () => {
    fake.onCommand = (_, { correlation }) =>
      fake.state(fact('deployment-failed', { commit, reason: 'timeout', gateways: [] }, correlation));
    const result = await cli('deploy', 'production', '3f2a91c', '-r', 'x', '--json');
    expect(result.exitCode).toBe(1);
    expect(JSON.parse(result.out)).toMatchObject({ outcome: { done: 'failed' } });
    expect(result.err).toBe('');
  });

  it('wait through a line that breaks', async () => {
    let correlation = '';
    fake.onCommand = (_, ids) => (correlation = ids.correlation);
    const running = startCli(['rollback', 'production', '--reason', 'errors'], { env: env() });
    await waitFor(() => correlation !== '' && fake.readers === 1);
    fake.breakStreams();
    fake.state(fact('rolled-back', { to: { commit: older }, detail: 'asked for' }, correlation));
    expect(await running.exitCode).toBe(0);
    expect(running.out()).toContain('production was rolled back to aa001111: asked for');
    expect(fake.asked.find(({ method }) => method === 'POST')?.body).toEqual({ reason: 'errors' });
  });

  it('stop waiting in time, and say where to look', async () => {
    const result = await cli('rollback', 'production', '-r', 'x', '--timeout', '50ms');
    expect(result.exitCode).toBe(4);
    expect(result.err).toContain('gitway events --since 0');
  });

  it('do not wait when they are told not to', async () => {
    const result = await cli('approve', '6f1f', '-r', 'reviewed', '--no-wait');
    expect(result).toMatchObject({ exitCode: 0, err: '' });
    expect(fake.asked.find(({ method }) => method === 'POST')).toMatchObject({
      path: '/api/environments/production/approve',
      body: { deployment: deploymentId, reason: 'reviewed' },
    });
  });

  it('ask nothing of what is so already, and nothing for a commit that nobody knows', async () => {
    const live = { ...environment, next: null, gateways: [], live: { ...environment.live!, commit } };
    fake.answers['/api/environments'] = { items: [live] };
    expect((await cli('deploy', 'production', '3f2a91c', '-r', 'x')).out).toContain('serves 3f2a91c0 already');
    expect((await cli('deploy', 'production', 'dddd', '-r', 'x')).err).toContain('knows no commit dddd');
    expect((await cli('deploy', 'production', 'main', '-r', 'x')).exitCode).toBe(2);
    expect((await cli('rollback', 'production')).exitCode).toBe(2);
    expect(fake.asked.filter(({ method }) => method === 'POST')).toEqual([]);
  });

  it('replay a dead letter of the service that it lies with', async () => {
    const letter = {
      sequence: 17,
      service: 'validator',
      subject: 's',
      event: { id: 'e', type: 't' },
      error: { slug: 's', message: 'cannot\u001B[2J' },
      attempts: 3,
      at: '2026-11-23T11:00:00.000Z',
    };
    fake.answers['/api/dead-letters'] = { items: [letter] };
    const shown = await cli('dead-letters');
    expect(shown.out).toContain('17   validator');
    expect(shown.out).not.toContain('\u001B');
    expect((await cli('dead-letters', 'replay', '17')).exitCode).toBe(0);
    expect(fake.asked.at(-1)).toMatchObject({ path: '/api/dead-letters/17/replay', body: { service: 'validator' } });
    expect((await cli('dead-letters', 'replay', '18')).exitCode).toBe(1);
  });
});

describe('other queries', () => {
  it('show history, traffic, incidents and reports', async () => {
    const sample = { requests: 200, errors: 3, p50Ms: 12.34, p95Ms: null };
    fake.answers['/api/traffic'] = {
      environment: 'production',
      from: '2026-11-23T11:45:00.000Z',
      to: '2026-11-23T12:00:00.000Z',
      apis: [
        { ...sample, api: 'petstore', byStatus: {}, operations: [{ ...sample, operation: 'getPet' }], consumers: [] },
      ],
    };
    expect((await cli('traffic', 'production', '--operations')).out).toMatch(
      /petstore +200 +3 \(1.5 %\) +12.3 ms +-\n +getPet/,
    );
    expect((await cli('history', 'production')).out).toMatch(
      /6f1f9d3c +3f2a91c0 +awaiting-approval .* Ada +Raise the limit/,
    );
    fake.answers['/api/incidents'] = { items: [] };
    expect((await cli('incidents')).out).toBe('No incidents.\n');
    const finding = { rule: 'unknown-field', severity: 'error', where: { file: 'a.yaml' }, message: 'no such field' };
    const counts = { errors: 1, warnings: 0, infos: 0 };
    fake.answers[`/api/commits/${commit}/report`] = {
      source: 'demo',
      commit,
      environments: [
        { name: 'staging', snapshot: null, counts, findings: [] },
        { name: 'production', snapshot: null, counts, findings: [1] },
      ],
      findings: [finding, { ...finding, where: { file: 'b.yaml' } }],
      counts,
    };
    const report = await cli('report', '3f2a91c');
    expect(report.exitCode).toBe(1);
    expect(report.out).toContain('error unknown-field a.yaml\n  no such field\n\n');
    expect(report.out).toContain('error unknown-field b.yaml\n  no such field\n  in production\n');
  });
});
