import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@gitway/testing';
import { readEvents } from './testing/read-events.ts';
import { statingRecoveries } from './testing/state-facts.ts';
import { asViewer, tokens, useConsole } from './testing/use-console.ts';

const console_ = useConsole();
let url: string;
let state: (repository?: string) => Promise<string>;

beforeAll(async () => {
  url = (await console_.start()).url;
  state = statingRecoveries(await console_.busAs('git-watcher'));
}, 120_000);

const get = (path: string) => fetch(url + path, { headers: asViewer });

describe('the stream of facts', () => {
  it('replays from an id, and the header of a reader that comes back goes first', async () => {
    const ids = [await state(), await state(), await state()];
    const all = await readEvents(`${url}/api/events?after=0&facts=source-recovered`, asViewer);
    const mine = await waitFor(() => {
      const found = all.facts.filter(({ fact }) => ids.includes(fact.id));
      return found.length === 3 && found;
    });
    all.close();
    expect(mine.map(({ fact }) => fact.id)).toEqual(ids);
    const again = await readEvents(`${url}/api/events?after=0`, { ...asViewer, 'last-event-id': mine[1]!.id });
    await waitFor(() => again.facts.length > 0);
    expect(again.facts[0]!.fact.id).toBe(ids[2]);
    again.close();
  });

  it('reaches every replica, and survives a restart', async () => {
    const second = await console_.start();
    const here = await readEvents(`${url}/api/events?facts=source-recovered`, asViewer);
    const there = await readEvents(`${second.url}/api/events?facts=source-recovered`, asViewer);
    await waitFor(() => here.text() !== '' && there.text() !== '');
    const id = await state();
    for (const reader of [here, there]) {
      await waitFor(() => reader.facts.some(({ fact }) => fact.id === id));
      expect(reader.facts.filter(({ fact }) => fact.id === id)).toHaveLength(1);
    }
    await second.stop();
    await there.done;
    const last = there.facts.at(-1)!.id;
    const later = await state();
    const restarted = await console_.start();
    const back = await readEvents(`${restarted.url}/api/events?facts=source-recovered`, {
      ...asViewer,
      'last-event-id': last,
    });
    await waitFor(() => back.facts.length > 0);
    expect(back.facts.map(({ fact }) => fact.id)).toEqual([later]);
    back.close();
    here.close();
    await restarted.stop();
  });

  it('drops a reader that takes nothing and goes on for the others', async () => {
    const small = await console_.start({ GITWAY_EVENTS_STALL: '300ms' });
    const { port, hostname } = new URL(small.url);
    const socket = connect({ host: hostname, port: Number(port) });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => undefined);
    socket.write(`GET /api/events?after=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tokens.viewer}\r\n\r\n`);
    await new Promise<void>((resolve) => socket.once('data', () => resolve()));
    socket.pause();
    const reader = await readEvents(`${small.url}/api/events`, asViewer);
    let id = '';
    for (let n = 0; n < 60; n++) id = await state(`http://127.0.0.1/${'x'.repeat(200_000)}`);
    await waitFor(() => reader.facts.some(({ fact }) => fact.id === id), { timeoutMs: 30_000 });
    socket.resume();
    await closed;
    reader.close();
    await small.stop();
  });

  it('refuses ids that are none', async () => {
    for (const after of ['x', '-1', '1e3', '9'.repeat(40)]) {
      expect((await get(`/api/events?after=${after}`)).status).toBe(400);
    }
  });
});
