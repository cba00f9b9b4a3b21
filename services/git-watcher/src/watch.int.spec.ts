import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { commitDetected, gitBlobId, sourceFailed, sourceViewSchema, treeSchema } from '@gitway/contracts';
import { waitFor } from '@gitway/testing';
import { internalToken, usePlatform, type Watcher, webhookSecret } from './testing/use-platform.ts';

const platform = usePlatform();

async function sendWebhook(
  watcher: Watcher,
  source: string,
  options: { delivery?: string; body?: string; signature?: string } = {},
) {
  const body =
    options.body ?? JSON.stringify({ ref: 'refs/heads/main', before: '0'.repeat(40), after: '1'.repeat(40) });
  const signature = options.signature ?? createHmac('sha256', webhookSecret).update(body).digest('hex');
  return fetch(`${watcher.url}/webhooks/${source}`, {
    method: 'POST',
    headers: {
      'gitway-internal-token': internalToken,
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': options.delivery ?? randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
    body,
  });
}

async function sourceView(watcher: Watcher, name: string) {
  const response = await fetch(`${watcher.url}/sources`, { headers: { 'gitway-internal-token': internalToken } });
  const { items } = (await response.json()) as { items: unknown[] };
  return items.map((item) => sourceViewSchema.parse(item)).find((view) => view.name === name)!;
}

describe('a branch that the repository never had', () => {
  it('is a failure that names those that there are, and no failure once it is pushed', async () => {
    const { name, copy, source } = await platform.newSource();
    await copy.write('README.md', '# Read me\n');
    await copy.commit('First');
    await copy.push();
    const watcher = await platform.start([{ ...source, branches: ['trunk'] }]);
    const failing = await waitFor(async () => {
      const view = await sourceView(watcher, name);
      return view?.state === 'failing' && view;
    });
    expect(failing.failure).toMatch(/no branch trunk; it has main/);
    const [stated] = await platform.eventsOf(sourceFailed, name, 1);
    expect(stated!.data.reason).toMatch(/no branch trunk/);
    await copy.git('push', 'origin', 'HEAD:refs/heads/trunk');
    await platform.eventsOf(commitDetected, name, 1);
    await waitFor(async () => (await sourceView(watcher, name)).state === 'watching');
  });
});

describe('a commit', () => {
  it('is reported with its tree, its blobs and what it changed against the commit reported before', async () => {
    const { name, copy, source } = await platform.newSource();
    await copy.write('apis/pets/api.yaml', 'kind: Api\n');
    await copy.write('README.md', '# Read me\n');
    const first = await copy.commit('First\n\nWith a body.');
    await copy.push();
    await platform.start([source]);
    const [one] = await platform.eventsOf(commitDetected, name, 1);
    expect(one!.data).toMatchObject({
      source: name,
      repository: source.url,
      ref: 'refs/heads/main',
      commit: first,
      previousCommit: null,
      tree: { files: 2, bytes: 20 },
      changes: {
        total: 2,
        paths: [
          { path: 'README.md', change: 'added' },
          { path: 'apis/pets/api.yaml', change: 'added' },
        ],
      },
      author: { name: 'Ada', email: 'ada@example.com' },
      message: 'First\n\nWith a body.',
      trigger: 'poll',
      writtenFor: null,
    });
    const artifacts = await platform.artifacts();
    const tree = await artifacts.getJson('tree', one!.data.tree.digest, treeSchema);
    expect(tree).toEqual({
      commit: first,
      entries: [
        { path: 'README.md', oid: gitBlobId(Buffer.from('# Read me\n')), size: 10, mode: '100644' },
        { path: 'apis/pets/api.yaml', oid: gitBlobId(Buffer.from('kind: Api\n')), size: 10, mode: '100644' },
      ],
    });
    expect(Buffer.from(await artifacts.getBlob(tree.entries[1]!.oid)).toString()).toBe('kind: Api\n');
    expect(await artifacts.has('blob', tree.entries[0]!.oid)).toBe(false);

    // Several commits in one push are one change against what was reported.
    await copy.write('apis/pets/api.yaml', 'kind: Api # changed\n');
    await copy.commit('Second');
    await copy.remove('README.md');
    const third = await copy.commit('Third');
    await copy.push();
    const [, two] = await platform.eventsOf(commitDetected, name, 2);
    expect(two!.data).toMatchObject({
      commit: third,
      previousCommit: first,
      changes: {
        total: 2,
        paths: [
          { path: 'README.md', change: 'deleted' },
          { path: 'apis/pets/api.yaml', change: 'modified' },
        ],
      },
    });
  });

  it('is asked for at once when a webhook hints at it, and reported once however many webhooks come', async () => {
    const { name, copy, source } = await platform.newSource({ pollInterval: '1h' });
    const watcher = await platform.start([source]);
    await waitFor(async () => (await sourceView(watcher, name)).state === 'watching');
    expect(await platform.events(commitDetected, name)).toHaveLength(0);

    const commit = await copy.change('a.yaml', 'a: 1\n');
    const answers = await Promise.all(Array.from({ length: 300 }, () => sendWebhook(watcher, name)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const [event] = await platform.eventsOf(commitDetected, name, 1);
    expect(event!.data).toMatchObject({ commit, trigger: 'webhook' });

    const again = await copy.change('a.yaml', 'a: 2\n');
    await sendWebhook(watcher, name);
    const events = await platform.eventsOf(commitDetected, name, 2);
    expect(events.map(({ data }) => data.commit)).toEqual([commit, again]);
    expect((await sourceView(watcher, name)).lastWebhookAt).not.toBeNull();
  });

  it('is found by polling when its webhook was lost', async () => {
    const { name, copy, source } = await platform.newSource();
    await platform.start([source]);
    const commit = await copy.change('a.yaml', 'a: 1\n');
    const [event] = await platform.eventsOf(commitDetected, name, 1);
    expect(event!.data).toMatchObject({ commit, trigger: 'poll' });
  });

  it('is not reported again after a restart, with or without its mirror', async () => {
    const { name, copy, source } = await platform.newSource();
    await copy.change('a.yaml', 'a: 1\n');
    const before = await platform.start([source]);
    await platform.eventsOf(commitDetected, name, 1);
    await before.stop();
    const after = await platform.start([source]);
    const commit = await copy.change('b.yaml', 'b: 1\n');
    const events = await platform.eventsOf(commitDetected, name, 2);
    expect(events.map(({ data }) => data.commit)).toEqual([events[0]!.data.commit, commit]);
    expect(events[1]!.data.changes).toEqual({ total: 1, paths: [{ path: 'b.yaml', change: 'added' }] });
    await after.stop();
  });

  it('is reported once when two replicas see it', async () => {
    const { name, copy, source } = await platform.newSource({ pollInterval: 200 });
    await platform.start([source]);
    await platform.start([source]);
    const commits = [];
    for (let n = 1; n <= 5; n++) {
      commits.push(await copy.change('a.yaml', `a: ${n}\n`));
      await platform.eventsOf(commitDetected, name, n);
    }
    const events = await platform.events(commitDetected, name);
    expect(events.map(({ data }) => data.commit)).toEqual(commits);
  });
});

describe('a webhook', () => {
  it('is refused when its signature is wrong, its body is too large or no JSON, or its source is unknown', async () => {
    const { name, source } = await platform.newSource({ pollInterval: '1h' });
    const { webhookSecret: _, ...silent } = (await platform.newSource({ pollInterval: '1h' })).source;
    const watcher = await platform.start([source, silent]);
    expect((await sendWebhook(watcher, name, { signature: '0'.repeat(64) })).status).toBe(403);
    expect((await sendWebhook(watcher, name, { body: 'no json' })).status).toBe(400);
    expect((await sendWebhook(watcher, name, { body: '[]' })).status).toBe(400);
    expect((await sendWebhook(watcher, name, { body: `{"x":"${'x'.repeat(1_100_000)}"}` })).status).toBe(413);
    expect((await sendWebhook(watcher, silent.name)).status).toBe(403);
    expect((await sendWebhook(watcher, 'nobody')).status).toBe(404);
    const open = await fetch(`${watcher.url}/webhooks/${name}`, { method: 'POST', body: '{}' });
    expect(open.status).toBe(401);
  });

  it('is taken once per delivery, and not at all for a branch that nobody follows', async () => {
    const { name, source } = await platform.newSource({ pollInterval: '1h' });
    const watcher = await platform.start([source]);
    const outcome = async (options: Parameters<typeof sendWebhook>[2]) =>
      ((await (await sendWebhook(watcher, name, options)).json()) as { outcome: string }).outcome;
    const delivery = randomUUID();
    expect(await outcome({ delivery })).toBe('asking');
    expect(await outcome({ delivery })).toBe('replayed');
    const body = JSON.stringify({ ref: 'refs/heads/side', after: '1'.repeat(40) });
    expect(await outcome({ body })).toBe('not-followed');
  });
});
