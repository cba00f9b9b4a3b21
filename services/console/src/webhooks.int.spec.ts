import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { problemDetailsSchema } from '@gitway/contracts';
import { internalToken, useConsole } from './testing/use-console.ts';

const console_ = useConsole();
const { services } = console_;
let url: string;

beforeAll(async () => {
  url = (await console_.start()).url;
}, 120_000);
beforeEach(() => {
  services['git-watcher'].seen.length = 0;
});

const problemOf = async (response: Response) => problemDetailsSchema.parse(await response.json());

describe('webhooks', () => {
  it('travel on byte for byte, with the headers that matter and the internal token', async () => {
    services['git-watcher'].answer = () => ({ status: 202, json: { accepted: true } });
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x0a]);
    const response = await fetch(`${url}/webhooks/demo`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-hub-signature-256': 'sha256=00',
        'x-github-event': 'push',
        'gitway-internal-token': 'forged',
        cookie: 'a=b',
      },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ accepted: true });
    const [seen] = services['git-watcher'].seen;
    expect(seen?.url).toBe('/webhooks/demo');
    expect(seen?.body).toEqual(body);
    expect(seen?.headers).toMatchObject({
      'x-hub-signature-256': 'sha256=00',
      'x-github-event': 'push',
      'gitway-internal-token': internalToken,
    });
    expect(seen?.headers.cookie).toBeUndefined();
  });

  it('that are too large, or for a name that is none, go nowhere', async () => {
    const large = await fetch(`${url}/webhooks/demo`, { method: 'POST', body: Buffer.alloc(1_048_577) });
    expect(large.status).toBe(413);
    const odd = await fetch(`${url}/webhooks/${encodeURIComponent('../health')}`, { method: 'POST', body: '{}' });
    expect(odd.status).toBe(400);
    expect(services['git-watcher'].seen).toEqual([]);
  });

  it('say so when git-watcher refuses or is away', async () => {
    services['git-watcher'].answer = () => ({ status: 401, json: { title: 'bad signature' } });
    expect((await fetch(`${url}/webhooks/demo`, { method: 'POST', body: '{}' })).status).toBe(401);
    services['git-watcher'].answer = () => 'hang';
    const away = await fetch(`${url}/webhooks/demo`, { method: 'POST', body: '{}' });
    expect(away.status).toBe(503);
    expect((await problemOf(away)).detail).toContain('git-watcher does not answer');
  });
});
