import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gitEnvironment, runGit, startGitServer, type GitServer } from './index.ts';

const token = 'a-token-for-this-test';
const secret = 'a-secret-for-this-test';

interface Delivery {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Takes webhooks; answers `failures` of them with 503 first. */
class Receiver {
  readonly deliveries: Delivery[] = [];
  readonly server: Server;
  private waiting: (() => void)[] = [];

  constructor(private failures: number) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.deliveries.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(this.failures-- > 0 ? 503 : 202).end();
        for (const wake of this.waiting.splice(0)) wake();
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/demo`;
  }

  async received(count: number): Promise<Delivery[]> {
    while (this.deliveries.length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.deliveries;
  }
}

describe('the example Git server', () => {
  let folder: string;
  let receiver: Receiver;
  let server: GitServer;
  let env: Record<string, string>;

  const git = (cwd: string, ...args: string[]) =>
    runGit(['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd, env });
  const withToken = (url: string) => url.replace('http://', `http://ada:${token}@`);

  async function clone(url: string): Promise<string> {
    const target = await mkdtemp(join(folder, 'clone-'));
    await git(folder, 'clone', '-q', url, target);
    return target;
  }

  async function commit(work: string, file: string, text: string, message: string): Promise<string> {
    await writeFile(join(work, file), text);
    await git(work, 'add', '.');
    await git(work, 'commit', '-q', '-m', message);
    return (await git(work, 'rev-parse', 'HEAD')).trim();
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gitway-git-server-'));
    env = gitEnvironment(folder, process.env['PATH'] ?? '');
    receiver = new Receiver(1);
    const url = await receiver.listen();
    server = await startGitServer({ folder: join(folder, 'repositories'), token, webhook: { url, secret } });
    await server.createRepository('demo');
  });

  afterEach(async () => {
    await server.stop();
    await new Promise((resolve) => receiver.server.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('takes a push with the token, gives it to anybody, and tells the webhook, signed, again after a 503', async () => {
    const work = await clone(withToken(server.cloneUrl('demo')));
    const first = await commit(work, 'a.txt', 'one', 'First');
    await git(work, 'push', '-q', 'origin', 'HEAD:main');

    const [refused, taken] = await receiver.received(2);
    expect(taken!.headers['x-github-delivery']).toBe(refused!.headers['x-github-delivery']);
    expect(taken!.headers['x-github-event']).toBe('push');
    const signature = `sha256=${createHmac('sha256', secret).update(taken!.body).digest('hex')}`;
    expect(taken!.headers['x-hub-signature-256']).toBe(signature);
    expect(JSON.parse(taken!.body)).toMatchObject({
      ref: 'refs/heads/main',
      before: '0'.repeat(40),
      after: first,
      created: true,
      forced: false,
      head_commit: { id: first, message: 'First', author: { name: 'Ada', email: 'ada@example.com' } },
      pusher: { name: 'ada' },
    });
    const reader = await clone(server.cloneUrl('demo'));
    expect((await git(reader, 'rev-parse', 'HEAD')).trim()).toBe(first);
  });

  it('says so when a branch was forced and when it was deleted', async () => {
    const work = await clone(withToken(server.cloneUrl('demo')));
    const first = await commit(work, 'a.txt', 'one', 'First');
    await git(work, 'push', '-q', 'origin', 'HEAD:main', 'HEAD:side');
    await git(work, 'commit', '-q', '--amend', '-m', 'First, again');
    await git(work, 'push', '-q', '--force', 'origin', 'HEAD:main');
    await git(work, 'push', '-q', 'origin', ':side');
    const bodies = (await receiver.received(5)).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bodies).toContainEqual(expect.objectContaining({ ref: 'refs/heads/main', before: first, forced: true }));
    expect(bodies).toContainEqual(
      expect.objectContaining({ ref: 'refs/heads/side', before: first, deleted: true, head_commit: null }),
    );
  });

  it('refuses a push without the token, a path outside and a repository that is not there', async () => {
    const work = await clone(server.cloneUrl('demo'));
    await commit(work, 'a.txt', 'one', 'First');
    await expect(git(work, 'push', '-q', 'origin', 'HEAD:main')).rejects.toThrow(/could not read Username/);
    await git(work, 'remote', 'set-url', 'origin', server.cloneUrl('demo').replace('http://', 'http://ada:wrong@'));
    await expect(git(work, 'push', '-q', 'origin', 'HEAD:main')).rejects.toThrow(/Authentication failed/);
    for (const path of ['/nothing.git/info/refs?service=git-upload-pack', '/demo.git/config', '/../etc/passwd']) {
      expect((await fetch(server.url + path)).status).toBe(404);
    }
  });

  it('reads a request body that is compressed', async () => {
    const work = await clone(withToken(server.cloneUrl('demo')));
    const first = await commit(work, 'a.txt', 'one', 'First');
    await git(work, 'push', '-q', 'origin', 'HEAD:main');
    const pkt = (line: string) => (line.length + 4).toString(16).padStart(4, '0') + line;
    const body = gzipSync(`${pkt('command=ls-refs')}0001${pkt('ref-prefix refs/heads/')}0000`);
    const response = await fetch(`${server.cloneUrl('demo')}/git-upload-pack`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
        'git-protocol': 'version=2',
      },
      body,
    });
    expect(await response.text()).toContain(`${first} refs/heads/main`);
  });
});
