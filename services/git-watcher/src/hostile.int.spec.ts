import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commitDetected, sourceFailed, sourceRecovered, sourceViewSchema, treeSchema } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { MAX_BLOB_BYTES } from './domain/tree.ts';
import { internalToken, usePlatform, type Watcher } from './testing/use-platform.ts';

const platform = usePlatform();

async function sourceView(watcher: Watcher, name: string) {
  const response = await fetch(`${watcher.url}/sources`, { headers: { 'gitway-internal-token': internalToken } });
  const { items } = (await response.json()) as { items: unknown[] };
  return items.map((item) => sourceViewSchema.parse(item)).find((view) => view.name === name)!;
}

/** A server in front of the Git server that does what `behave` says, and passes on what it does not answer. */
async function frontServer(behave: (request: IncomingMessage, response: ServerResponse) => boolean) {
  const server = createServer((request, response) => {
    if (behave(request, response)) return;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { host: _, connection: __, ...headers } = request.headers as Record<string, string>;
      const body = request.method === 'POST' ? { body: Buffer.concat(chunks) } : {};
      fetch(platform.git().url + request.url, { method: request.method!, headers, ...body }).then(
        async (answer) => {
          response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
          response.end(Buffer.from(await answer.arrayBuffer()));
        },
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  platform.atEnd(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function mirrorIn(dataDir: string): Promise<string> {
  const [mirror] = (await readdir(join(dataDir, 'mirrors'))).filter((entry) => entry.endsWith('.git'));
  return join(dataDir, 'mirrors', mirror!);
}

describe('what a repository may hold', () => {
  it('is listed as it is: odd names, links and submodules, none of them followed', async () => {
    const { name, copy, source } = await platform.newSource();
    await copy.write('a/..file.yaml', 'legal: true\n');
    await copy.write('new\nline.yaml', 'newline: true\n');
    await copy.write('Case.yaml', 'case: 1\n');
    await copy.write('case.yaml', 'case: 2\n');
    await copy.write('\u00e9.yaml', 'nfc: true\n');
    await copy.write('e\u0301.yaml', 'nfd: true\n');
    await copy.write('-x.yaml', 'dash: true\n');
    await copy.link('link.yaml', '/etc/passwd');
    await copy.link('loop.yaml', 'loop.yaml');
    await copy.write('.gitattributes', '*.yaml filter=evil diff=evil merge=evil\n');
    await copy.write('.gitmodules', '[submodule "s"]\n\tpath = sub\r\n\turl = file:///etc\n');
    await copy.git('add', '--all', '.');
    await copy.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},sub`);
    await copy.git('commit', '-q', '-m', 'Odd');
    await copy.push();
    await platform.start([source]);
    const [event] = await platform.eventsOf(commitDetected, name, 1);
    const artifacts = await platform.artifacts();
    const { entries } = await artifacts.getJson('tree', event!.data.tree.digest, treeSchema);
    const modes = Object.fromEntries(entries.map(({ path, mode }) => [path, mode]));
    expect(modes).toMatchObject({
      'a/..file.yaml': '100644',
      'new\nline.yaml': '100644',
      'Case.yaml': '100644',
      'case.yaml': '100644',
      '\u00e9.yaml': '100644',
      'e\u0301.yaml': '100644',
      '-x.yaml': '100644',
      'link.yaml': '120000',
      'loop.yaml': '120000',
      sub: '160000',
    });
    const stored = await Promise.all(
      entries.map(async ({ oid, path }) => ((await artifacts.has('blob', oid)) ? path : null)),
    );
    expect(stored.filter((path) => path !== null)).toEqual(
      entries.filter(({ path, mode }) => path.endsWith('.yaml') && mode === '100644').map(({ path }) => path),
    );
  });

  it('is bounded: a file that is too large is listed and not read, names that fill an event are counted', async () => {
    const { name, copy, source } = await platform.newSource();
    await copy.write('huge.json', Buffer.alloc(MAX_BLOB_BYTES + 1, 32));
    for (let n = 0; n < 700; n++) await copy.write(`many/${'x'.repeat(200)}-${n}.txt`, `${n}\n`);
    const commit = await copy.commit('Large');
    await copy.push();
    await platform.start([source]);
    const [event] = await platform.eventsOf(commitDetected, name, 1);
    expect(event!.data).toMatchObject({ commit, tree: { files: 701 }, changes: { total: 701 } });
    expect(event!.data.changes.paths.length).toBe(500);
    const artifacts = await platform.artifacts();
    const { entries } = await artifacts.getJson('tree', event!.data.tree.digest, treeSchema);
    expect(await artifacts.has('blob', entries.find(({ path }) => path === 'huge.json')!.oid)).toBe(false);
  });
});

describe('history', () => {
  it('is told truly through force-pushes, rollback pushes and the deletion of everything', async () => {
    const { name, copy, source } = await platform.newSource();
    await platform.start([source]);
    const first = await copy.change('a.yaml', 'a: 1\n');
    await platform.eventsOf(commitDetected, name, 1);
    const second = await copy.change('a.yaml', 'a: 2\n');
    await platform.eventsOf(commitDetected, name, 2);
    await copy.push(`${first}:main`, '--force');
    await platform.eventsOf(commitDetected, name, 3);
    await copy.push(`${second}:main`);
    await platform.eventsOf(commitDetected, name, 4);
    await copy.git('checkout', '-q', '--orphan', 'other');
    const other = await copy.commit('Another history');
    await copy.push('HEAD:main', '--force');
    await platform.eventsOf(commitDetected, name, 5);
    await copy.remove('a.yaml');
    const empty = await copy.commit('Everything is gone');
    await copy.push();
    const events = await platform.eventsOf(commitDetected, name, 6);
    expect(events.map(({ data }) => [data.previousCommit, data.commit])).toEqual([
      [null, first],
      [first, second],
      [second, first],
      [first, second],
      [second, other],
      [other, empty],
    ]);
    expect(events[5]!.data).toMatchObject({
      tree: { files: 0 },
      changes: { total: 1, paths: [{ path: 'a.yaml', change: 'deleted' }] },
    });
  });

  it('survives a deleted and recreated branch, a tag of the same name, and `x` replaced by `x/y`', async () => {
    const { name, copy, source } = await platform.newSource({ branches: ['x', 'x/y'] });
    const watcher = await platform.start([source]);
    const first = await copy.change('a.yaml', 'a: 1\n');
    await copy.git('tag', 'x');
    await copy.push('refs/tags/x');
    await copy.push('main:refs/heads/x');
    await platform.eventsOf(commitDetected, name, 1);

    await copy.push(':refs/heads/x');
    const gone = await waitFor(async () => {
      const view = await sourceView(watcher, name);
      return view.heads.length === 0 ? view : null;
    });
    expect(gone).toMatchObject({ state: 'watching', failure: 'refs/heads/x is gone at the server.' });
    expect(await platform.events(commitDetected, name)).toHaveLength(1);

    await copy.push('main:refs/heads/x/y');
    await platform.eventsOf(commitDetected, name, 2);
    await copy.push(':refs/heads/x/y');
    await waitFor(async () => (await sourceView(watcher, name)).heads.length === 0);
    // The same commit once more is no news; the next one is.
    await copy.push('main:refs/heads/x');
    await waitFor(async () => (await sourceView(watcher, name)).heads.length === 1);
    await copy.write('a.yaml', 'a: 2\n');
    const second = await copy.commit('Second');
    await copy.push('main:refs/heads/x');
    const events = await platform.eventsOf(commitDetected, name, 3);
    expect(events.map(({ data }) => [data.ref, data.commit])).toEqual([
      ['refs/heads/x', first],
      ['refs/heads/x/y', first],
      ['refs/heads/x', second],
    ]);
  });
});

describe('a server', () => {
  it('that stalls is given up, stated once, and followed again when it answers', async () => {
    let stalled = true;
    const { name, copy, source } = await platform.newSource({ token: undefined });
    const front = await frontServer(() => stalled);
    const other = await platform.newSource();
    const watcher = await platform.start([{ ...source, url: `${front}/${name}.git`, pollInterval: 200 }, other.source]);
    const commit = await copy.change('a.yaml', 'a: 1\n');
    // Another source is not held up by it.
    await other.copy.change('b.yaml', 'b: 1\n');
    await platform.eventsOf(commitDetected, other.name, 1);
    expect(await platform.events(sourceFailed, name)).toHaveLength(0);
    const [failed] = await platform.eventsOf(sourceFailed, name, 1);
    expect(failed!.data).toMatchObject({ failures: 3, repository: `${front}/${name}.git` });
    expect(failed!.data.reason).toMatch(/did not answer in time/);
    expect((await sourceView(watcher, name)).state).toBe('failing');
    stalled = false;
    const [recovered] = await platform.eventsOf(sourceRecovered, name, 1);
    expect(recovered!.data.failures).toBeGreaterThanOrEqual(3);
    const [event] = await platform.eventsOf(commitDetected, name, 1);
    expect(event!.data.commit).toBe(commit);
    expect(await platform.events(sourceFailed, name)).toHaveLength(1);
  }, 60_000);

  it('that refuses, or redirects elsewhere, is stated at once, with what to do and without the token', async () => {
    const asked: string[] = [];
    const elsewhere = await frontServer((request, response) => {
      asked.push(request.headers.authorization ?? 'nothing');
      return Boolean(response.writeHead(200).end());
    });
    const front = await frontServer((request, response) => {
      if (request.url?.startsWith('/moved')) response.writeHead(301, { location: `${elsewhere}${request.url}` }).end();
      else response.writeHead(403).end();
      return true;
    });
    const refused = (await platform.newSource()).source;
    const moved = (await platform.newSource()).source;
    await platform.start([
      { ...refused, url: `${front}/refused.git`, token: 'a-secret-token' },
      { ...moved, url: `${front}/moved.git`, token: 'a-secret-token' },
    ]);
    const [one] = await platform.eventsOf(sourceFailed, refused.name, 1);
    expect(one!.data.reason).toMatch(/give the source a token/);
    const [two] = await platform.eventsOf(sourceFailed, moved.name, 1);
    expect(two!.data.reason).toMatch(/put the new URL into the source/);
    expect(JSON.stringify([one, two])).not.toContain('a-secret-token');
    expect(asked).toEqual([]);
  });
});

it('stops at once while a server stalls, and does not call that a failure', async () => {
  let asked = 0;
  const front = await frontServer(() => (asked += 1) > 0);
  const { name, source } = await platform.newSource();
  const watcher = await platform.start([{ ...source, url: `${front}/${name}.git` }]);
  await waitFor(() => asked > 0);
  const start = performance.now();
  await watcher.stop();
  expect(performance.now() - start).toBeLessThan(2000);
  expect(await platform.events(sourceFailed, name)).toHaveLength(0);
});

describe('a mirror', () => {
  it('that is damaged is made anew', async () => {
    const { name, copy, source } = await platform.newSource();
    const dataDir = await mkdtemp(join(platform.folder(), 'data-'));
    await platform.start([source], dataDir);
    await copy.change('a.yaml', 'a: 1\n');
    await platform.eventsOf(commitDetected, name, 1);
    const objects = join(await mirrorIn(dataDir), 'objects');
    for (const file of await readdir(objects, { recursive: true, withFileTypes: true })) {
      if (!file.isFile()) continue;
      await rm(join(file.parentPath, file.name), { force: true });
      await writeFile(join(file.parentPath, file.name), 'not an object');
    }
    const second = await copy.change('a.yaml', 'a: 2\n');
    const events = await platform.eventsOf(commitDetected, name, 2);
    expect(events[1]!.data.commit).toBe(second);
    expect(await platform.events(sourceFailed, name)).toHaveLength(0);
    expect((await readdir(join(dataDir, 'mirrors'))).filter((entry) => entry.startsWith('.'))).toEqual([]);
  });

  it('with a lock that a killed git left behind is freed', async () => {
    const { name, copy, source } = await platform.newSource();
    const dataDir = await mkdtemp(join(platform.folder(), 'data-'));
    await platform.start([source], dataDir);
    await copy.change('a.yaml', 'a: 1\n');
    await platform.eventsOf(commitDetected, name, 1);
    const lock = join(await mirrorIn(dataDir), 'refs', 'heads', 'main.lock');
    await writeFile(lock, '');
    const past = new Date(Date.now() - 60_000);
    await utimes(lock, past, past);
    const second = await copy.change('a.yaml', 'a: 2\n');
    const events = await platform.eventsOf(commitDetected, name, 2);
    expect(events[1]!.data.commit).toBe(second);
    expect(await platform.events(sourceFailed, name)).toHaveLength(0);
  });
});
